import { logLines } from '../report/log.ts';
import { plainText, printable } from '../core/plain-text.ts';
import type { Trail } from '../core/trail/trail.ts';
import type { CliContext } from './command.ts';

/**
 * Prints the events of a trail from now on: on a terminal as a live screen with log lines above it,
 * elsewhere as lines. `masked` removes secrets. Resolves to a function that prints other text.
 */
export async function follow(
  trail: Trail,
  { print, terminal, clock }: Pick<CliContext, 'print' | 'terminal' | 'clock'>,
  masked: (text: string) => string = (text) => text,
): Promise<(text: string) => void> {
  const words = (foreign: string) => plainText(masked(foreign));
  const screen = terminal && (await import('./live-screen.ts')).openScreen(trail, { terminal, clock, words });
  const say = (text: string) => {
    for (const line of printable(masked(text))) (screen ?? { print }).print(line);
  };
  trail.subscribe((event) => {
    if (screen?.shows(event)) return;
    for (const line of logLines(event)) say(line);
  });
  return say;
}

import { plainText } from '../core/plain-text.ts';
import type { Story } from './story.ts';

const ERROR = /error|exception|fatal|panic/iu;

/**
 * The line that explains most in the log of the failed container: the last one that names an error,
 * otherwise the last one. `null` when no log was read.
 */
export function explainingLine({ diagnosed }: Pick<Story, 'diagnosed'>): string | null {
  const lines = (diagnosed?.log?.lines ?? [])
    .map((line) => plainText(line, 300))
    .filter((line) => line !== '');
  return lines.findLast((line) => ERROR.test(line)) ?? lines.at(-1) ?? null;
}

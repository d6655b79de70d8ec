import type { Command } from './command.ts';
import { optionInWords, type Option, type Options } from './options.ts';

const WIDTH = 100;
const LEFT = 26;

/** What `ecs-ramp COMMAND --help` prints. */
export function helpOf({ usage, description, options, exitCodes }: Command): string {
  const sections = [
    usage.map((way, index) => `${index === 0 ? 'Usage:' : '      '} ecs-ramp ${way}`),
    ...description.map((paragraph) => wrapped(paragraph, WIDTH)),
    ...Object.entries(options).map(([heading, group]) => [`${heading}:`, ...listed(group)]),
    ['Exit codes:', ...Object.entries(exitCodes).flatMap(([code, meaning]) => row(code, meaning))],
  ];
  return sections.map((lines) => lines.join('\n')).join('\n\n');
}

const listed = (options: Options): readonly string[] =>
  Object.entries(options).flatMap(([name, option]) => row(optionInWords(name, option), explained(option)));

const explained = ({ description, default: byDefault }: Option): string =>
  byDefault === undefined ? description : `${description} Default: ${byDefault}.`;

/** A name and its description in two columns. */
export function row(name: string, meaning: string): readonly string[] {
  const lines = wrapped(meaning, WIDTH - LEFT);
  const beside = name.length + 4 <= LEFT;
  const rest = (beside ? lines.slice(1) : lines).map((line) => `${' '.repeat(LEFT)}${line}`);
  return [beside ? `  ${name}`.padEnd(LEFT) + (lines[0] ?? '') : `  ${name}`, ...rest];
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

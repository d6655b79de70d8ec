import type { Gate } from '../../core/request.ts';
import { Secret } from '../../core/secrecy/secret.ts';
import { HOUR, SECOND } from '../../core/time/clock.ts';
import { argumentsOf } from './arguments.ts';
import { duration } from './duration.ts';
import { type InputType, type Parsed, type ParseProblem, shown, wrong } from './input-type.ts';
import { lines } from './list.ts';

const FORMS = {
  approval: 'PERCENT approval DEADLINE',
  webhook: 'PERCENT webhook DEADLINE URL',
  command: 'PERCENT command DEADLINE PROGRAM ARGUMENTS',
} as const;
const EXAMPLES = {
  approval: '30 approval 2h',
  webhook: '0 webhook 20m https://tests.example.com/run',
  command: '0 command 15m ./integration-tests.sh',
} as const;
const KINDS = ['approval', 'webhook', 'command'] as const;

const deadline = duration({ from: 30 * SECOND, to: 24 * HOUR });

/** A gate without the directory of its command, which is not part of the input. */
export type ParsedGate = Exclude<Gate, { readonly kind: 'command' }> | Command;
type Command = Omit<Extract<Gate, { readonly kind: 'command' }>, 'directory'>;

const gate: InputType<ParsedGate> = {
  allowed: Object.values(FORMS).join(', or '),
  parse(given) {
    const [, step = '', name = '', limit = '', rest = ''] =
      /^(\S+)\s*(\S*)\s*(\S*)\s*([^]*)$/.exec(given) ?? [];
    const kind = KINDS.find((each) => each === name);
    if (kind === undefined) {
      return wrong(
        name === '' ? `${shown(step)} is not a gate` : `${shown(name)} is not a kind of gate`,
        `write ${Object.values(EXAMPLES)
          .map((example) => `"${example}"`)
          .join(', or ')}`,
      );
    }
    const problems: ParseProblem[] = [];
    const percent = /^\d{1,3}(\.\d)?%?$/.test(step) ? Number(step.replace('%', '')) : Number.NaN;
    if (!(percent <= 100)) {
      problems.push({
        problem: `${shown(step)} is not a step`,
        fix: `start with the step: "${EXAMPLES[kind]}"`,
      });
    }
    // The rest is not quoted without a deadline: it may be a URL that contains a secret.
    if (!/^\d/.test(limit)) {
      const fix = `write it as ${FORMS[kind]}: "${EXAMPLES[kind]}"`;
      return { problems: [...problems, { problem: `there is no deadline after ${kind}`, fix }] };
    }
    const within = deadline.parse(limit);
    if ('problems' in within) problems.push(...within.problems);
    const what = WHAT[kind](rest);
    if ('problems' in what) problems.push(...what.problems);
    if ('problems' in within || 'problems' in what || problems.length > 0) return { problems };
    return { value: { percent, within: within.value, ...what.value } };
  },
};

type What =
  | { readonly kind: 'approval' }
  | { readonly kind: 'webhook'; readonly origin: string; readonly url: Secret }
  | { readonly kind: 'command'; readonly program: string; readonly args: readonly Secret[] };

const WHAT: Readonly<Record<keyof typeof FORMS, (rest: string) => Parsed<What>>> = {
  approval: (rest) =>
    rest === ''
      ? { value: { kind: 'approval' } }
      : wrong(`${shown(rest)} after the deadline is not allowed`, `remove it: "${EXAMPLES.approval}"`),
  webhook(rest) {
    const url = /\s/.test(rest) ? null : URL.parse(rest);
    return url !== null && /^https?:$/.test(url.protocol)
      ? { value: { kind: 'webhook', origin: url.origin, url: new Secret(rest) } }
      : wrong(
          'the text after the deadline is not a URL',
          `write an http or https URL: "${EXAMPLES.webhook}"`,
        );
  },
  command(rest) {
    const words = argumentsOf(rest);
    if ('problems' in words) return words;
    const [program, ...args] = words.value;
    return program
      ? { value: { kind: 'command', program, args: args.map((text) => new Secret(text)) } }
      : wrong('there is no program after the deadline', `add it: "${EXAMPLES.command}"`);
  },
};

export const gates: InputType<readonly ParsedGate[]> = lines(gate, { allowed: gate.allowed });

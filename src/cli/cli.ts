import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { cancellation } from '../commands/run/cancellation.ts';
import { VERSION } from '../commands/run/version.ts';
import { connect } from '../aws/credentials/connect.ts';
import { InvalidInputs } from '../inputs/issue.ts';
import { InvalidRecording } from '../judge/read-recording.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { systemClock } from '../core/time/clock.ts';
import type { Command, CliContext } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { helpOf, row } from './help.ts';
import { terminalOf } from './terminal.ts';
import { UserError, bugReport } from '../core/failure.ts';

interface Listed {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Each command is loaded only when it is called. */
const COMMANDS: Readonly<Record<string, Listed>> = {
  deploy: {
    summary: 'Takes a service from a commit, or an image, to all of its traffic, or back.',
    load: async () => (await import('./deploy.ts')).deployCommand,
  },
  plan: {
    summary: 'What deploy would do, and what it would refuse. Changes nothing.',
    load: async () => (await import('./plan.ts')).planCommand,
  },
  changes: {
    summary: 'Which services of ecs-ramp.yml a change touches.',
    load: async () => (await import('./changes.ts')).changesCommand,
  },
  validate: {
    summary: 'Whether ecs-ramp.yml is right, and what is not.',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  policy: {
    summary: 'The least that a role must be allowed to do all this, as a policy of IAM.',
    load: async () => (await import('./policy.ts')).policyCommand,
  },
  judge: {
    summary: 'What the judge says of a recorded rollout, or would have said of rollouts in a time gone by.',
    load: async () => (await import('./judge.ts')).judgeCommand,
  },
  reconcile: {
    summary: 'Finishes or undoes what runs that died left on services. For a schedule.',
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  status: {
    summary: 'What a service runs, or every one of a cluster, and what is in progress.',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  history: {
    summary: 'What a service was deployed to, when, by whom, and how that ended.',
    load: async () => (await import('./history.ts')).historyCommand,
  },
  continue: {
    summary: 'Approves the step that a rollout waits at.',
    load: async () => (await import('./continue.ts')).continueCommand,
  },
  abort: {
    summary: 'Rolls back the rollout that is under way, and tells the run that watches it why.',
    load: async () => (await import('./abort.ts')).abortCommand,
  },
  rollback: {
    summary: 'Takes a service back to an earlier release: in one call while that still runs.',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
};

/** The process as it is. */
export const processContext: CliContext = {
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  print: (line) => process.stdout.write(`${line}\n`),
  terminal: terminalOf(process.stdout, process.env),
  complain: (line) => process.stderr.write(`${line}\n`),
  read: (file) => (file === '-' ? text(process.stdin) : readFile(file, 'utf8')),
  connect: (access, mask = () => {}) =>
    connect(access, { env: process.env, mask, version: VERSION, clock: systemClock }),
  cancellation,
};

/** `ecs-ramp ARGS`. Resolves to the exit code; never rejects. */
export async function runCommandLine(args: readonly string[], context: CliContext): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    context.print(VERSION);
    return 0;
  }
  if (name === '--help' || name === 'help' || name === '-h') {
    context.print(help());
    return 0;
  }
  const listed = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (listed === undefined) {
    context.complain(name === undefined ? help() : unknown(name));
    return MISUSED;
  }
  try {
    const command = await listed.load();
    if (!rest.includes('--help') && !rest.includes('-h')) return await command.run(rest, context);
    context.print(helpOf(command));
    return 0;
  } catch (error) {
    return report(error, context);
  }
}

function help(): string {
  return [
    `ecs-ramp ${VERSION}: takes a service on Amazon ECS to a new version, or back.`,
    '',
    'Usage: ecs-ramp COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...Object.entries(COMMANDS).flatMap(([name, { summary }]) => row(name, summary)),
    '',
    'Options:',
    ...row('--help', 'This, or what a command does and takes: ecs-ramp COMMAND --help.'),
    ...row('--version', 'The version of ecs-ramp.'),
    '',
    'Credentials and endpoint come from the environment, as with all of AWS’s tools.',
  ].join('\n');
}

function unknown(name: string): string {
  const known = Object.keys(COMMANDS);
  return `There is no command "${name}": ${didYouMean(name, known)}Commands: ${known.join(', ')}.`;
}

/** A stack only for what is a mistake of ecs-ramp. */
function report(error: unknown, context: CliContext): number {
  if (error instanceof InvalidInputs || error instanceof InvalidRecording) {
    context.complain(error.message);
    return MISUSED;
  }
  context.complain(error instanceof UserError ? error.message : bugReport(error));
  return FAILED;
}

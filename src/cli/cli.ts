import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { cancellation } from '../commands/run/cancellation.ts';
import { VERSION } from '../commands/run/version.ts';
import { withProfileRegion } from '../aws/credentials/profile-region.ts';
import { connect } from '../aws/credentials/connect.ts';
import { InvalidInputs } from '../inputs/issue.ts';
import { InvalidRecording } from '../judge/read-recording.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { useProxies } from '../core/proxy.ts';
import { withoutSecrets } from '../core/secrecy/secret-text.ts';
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

/** Each command is loaded only when it is used. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  deploy: {
    summary: 'Deploys a commit or an image to a service step by step, or rolls it back.',
    load: async () => (await import('./deploy.ts')).deployCommand,
  },
  plan: {
    summary: 'Shows what deploy would do, or why it would fail. Changes nothing.',
    load: async () => (await import('./plan.ts')).planCommand,
  },
  changes: {
    summary: 'Lists the services of ecs-ramp.yml that a change affects.',
    load: async () => (await import('./changes.ts')).changesCommand,
  },
  init: {
    summary: 'Writes a first ecs-ramp.yml and workflow for a service that exists.',
    load: async () => (await import('./init.ts')).initCommand,
  },
  validate: {
    summary: 'Checks ecs-ramp.yml and lists all errors.',
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  policy: {
    summary: 'Prints an IAM policy with the minimum permissions for ecs-ramp.',
    load: async () => (await import('./policy.ts')).policyCommand,
  },
  judge: {
    summary: 'Evaluates a recorded rollout, or simulated rollouts on past metrics of a service.',
    load: async () => (await import('./judge.ts')).judgeCommand,
  },
  reconcile: {
    summary: 'Finishes or undoes rollouts of runs that died. Meant to run on a schedule.',
    load: async () => (await import('./reconcile.ts')).reconcileCommand,
  },
  status: {
    summary: 'Shows what one service, or every service of a cluster, runs and what is in progress.',
    load: async () => (await import('./status.ts')).statusCommand,
  },
  history: {
    summary: 'Lists the deployments of a service: release, time, author and result.',
    load: async () => (await import('./history.ts')).historyCommand,
  },
  continue: {
    summary: 'Approves the step at which a rollout waits.',
    load: async () => (await import('./continue.ts')).continueCommand,
  },
  abort: {
    summary: 'Rolls back the rollout that is in progress and reports the reason to its run.',
    load: async () => (await import('./abort.ts')).abortCommand,
  },
  rollback: {
    summary: 'Returns a service to an earlier release, in one call while that release still runs.',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
};

/** The context of the real process. */
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
    if (rest.includes('--help') || rest.includes('-h')) {
      context.print(helpOf(command));
      return 0;
    }
    const warning = useProxies(context.env);
    if (warning !== null) context.complain(warning);
    const env = await withProfileRegion(context.env);
    return await command.run(rest, careful({ ...context, env }));
  } catch (error) {
    return report(error, careful(context));
  }
}

/** Prints nothing that looks like a secret. */
function careful(context: CliContext): CliContext {
  return {
    ...context,
    print: (text) => context.print(withoutSecrets(text)),
    complain: (text) => context.complain(withoutSecrets(text)),
  };
}

function help(): string {
  return [
    `ecs-ramp ${VERSION}: deploys a service to Amazon ECS with a canary, evaluates it and rolls it back.`,
    '',
    'Usage: ecs-ramp COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...Object.entries(COMMANDS).flatMap(([name, { summary }]) => row(name, summary)),
    '',
    'Options:',
    ...row('--help', 'Show this help, or the help of a command: ecs-ramp COMMAND --help.'),
    ...row('--version', 'Show the version of ecs-ramp.'),
    '',
    'Credentials and endpoint come from the environment, as in the AWS CLI.',
  ].join('\n');
}

function unknown(name: string): string {
  const known = Object.keys(COMMANDS);
  return `There is no command "${name}": ${didYouMean(name, known)}Commands: ${known.join(', ')}.`;
}

/** Only bugs of ecs-ramp are reported with a stack. */
function report(error: unknown, context: CliContext): number {
  if (error instanceof InvalidInputs || error instanceof InvalidRecording) {
    context.complain(error.message);
    return MISUSED;
  }
  context.complain(error instanceof UserError ? error.message : bugReport(error));
  return FAILED;
}

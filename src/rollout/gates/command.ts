import { spawn } from 'node:child_process';
import { eachLine } from '../../core/lines.ts';
import type { Gate } from '../../core/request.ts';
import { SECOND, type Clock } from '../../core/time/clock.ts';
import type { GatedStep, TestedRevision } from './gated-step.ts';
import type { GateAnswer } from './answer.ts';

export type RunCommand = (
  gate: Extract<Gate, { readonly kind: 'command' }>,
  pause: GatedStep,
  signal: AbortSignal,
) => Promise<GateAnswer>;

export interface CommandOptions {
  readonly tested: TestedRevision;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Called for each line of output. The log makes the line safe. */
  readonly say: (line: string) => void;
}

/** The time between SIGTERM and SIGKILL. */
const GRACE = 5 * SECOND;

/**
 * Variables that a command does not get: credentials, inputs and state of ecs-ramp, tokens of the
 * runner, and the files for workflow commands.
 */
const WITHHELD =
  /^(?:INPUT_|STATE_|AWS_(?!REGION$|DEFAULT_REGION$)|ACTIONS_|GITHUB_(?:ENV|OUTPUT|PATH|STATE)$)/i;

/**
 * Runs a program without a shell, in its own process group. The exit code is the answer. Never
 * rejects.
 */
export function commandRunner({ tested, env, clock, say }: CommandOptions): RunCommand {
  return ({ program, args, directory }, pause, signal) =>
    new Promise((resolve) => {
      const child = spawn(
        program,
        args.map((text) => text.reveal()),
        {
          cwd: directory,
          env: environmentOf(env, tested, pause),
          stdio: ['ignore', 'pipe', 'pipe'],
          detached: true,
        },
      );
      const kill = (how: NodeJS.Signals) => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, how);
        } catch {
          // The process has already ended.
        }
      };
      let forget: (() => void) | null = null;
      const end = () => {
        kill('SIGTERM');
        forget = clock.after(GRACE, () => kill('SIGKILL'));
      };
      signal.addEventListener('abort', end, { once: true });
      for (const output of [child.stdout, child.stderr])
        eachLine(output, (line) => say(`${program}: ${line}`));
      const settle = (answer: GateAnswer) => {
        signal.removeEventListener('abort', end);
        forget?.();
        resolve(answer);
      };
      child.on('error', ({ message }) =>
        settle({ said: 'fail', problem: `the command ${program} could not be started: ${message}` }),
      );
      child.on('close', (code, killedBy) => {
        settle(
          code === 0
            ? { said: 'pass', because: 'exit code 0' }
            : {
                said: 'fail',
                problem: `the command ${program} ended with ${killedBy ?? `exit code ${code}`}`,
              },
        );
      });
    });
}

function environmentOf(
  env: CommandOptions['env'],
  tested: TestedRevision,
  { deployment, percent }: GatedStep,
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(([name]) => !WITHHELD.test(name));
  return {
    ...Object.fromEntries(kept),
    ...given('SERVICE', tested.service),
    ...given('CLUSTER', tested.cluster),
    ...given('STEP', String(percent)),
    ...given('SERVICE_DEPLOYMENT', deployment),
    ...given('TASK_DEFINITION', tested.taskDefinitionArn),
    ...given('IMAGE', tested.image),
    ...given('TEST_URL', tested.testUrl),
    ...given('TEST_HOST', tested.testHost),
    ...given('TEST_HEADERS', tested.testHeaders && JSON.stringify(tested.testHeaders)),
    ...given('RUN_URL', tested.runUrl),
  };
}

const given = (name: string, value: string | null) => (value === null ? {} : { [`ECS_RAMP_${name}`]: value });

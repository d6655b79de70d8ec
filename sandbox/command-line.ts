import { parseArgs } from 'node:util';
import { MINUTE, SECOND } from '../src/core/time/clock.ts';
import type { Milliseconds } from '../src/core/time/clock.ts';

export const USAGE = `script/sandbox: runs a local AWS in the foreground until ctrl-C.
  --port N          port of the endpoint; default 4580, 0 for any free port
  --dir DIR         folder for its data while it runs; default .sandbox
  --metric-lag 5s   delay of CloudWatch's metrics
  --limits          throttle calls as AWS does for an account
  --policy FILE     refuse calls that this IAM policy does not allow, except with the key SANDBOX
  --example         also create the stack of the example, with listeners on ports 8080 and 8081 (test)
  --simulated       run without Docker: tasks and users are simulated, nothing is pulled, and nothing listens for users
  --env FILE        also write the variables to FILE, for other shells to source`;

/** The command line is invalid. The message says what is allowed. */
export class UsageMistake extends Error {
  override readonly name = 'UsageMistake';
}

export interface CommandLine {
  readonly port: number;
  readonly directory: string;
  readonly metricLag: Milliseconds;
  readonly limits: boolean;
  /** `null` when everything is allowed. */
  readonly policyFile: string | null;
  readonly example: boolean;
  readonly simulated: boolean;
  readonly environmentFile: string | null;
}

/** Throws UsageMistake. */
export function readCommandLine(parameters: readonly string[]): CommandLine | 'help' {
  const { help, port, dir, example, simulated, env, limits, ...others } = parse(parameters);
  const { 'metric-lag': metricLag, policy } = others;
  if (help) return 'help';
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new UsageMistake(`--port ${port} is not a port: use 0 (any free port) to 65535.`);
  if (example && simulated)
    throw new UsageMistake(
      '--example builds images, and --simulated has no engine for that: remove one of them.',
    );
  return {
    port: Number(port),
    directory: dir,
    metricLag: lengthOfTime(metricLag),
    limits,
    policyFile: policy ?? null,
    example,
    simulated,
    environmentFile: env ?? null,
  };
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        port: { type: 'string', default: '4580' },
        dir: { type: 'string', default: '.sandbox' },
        'metric-lag': { type: 'string', default: '5s' },
        limits: { type: 'boolean', default: false },
        policy: { type: 'string' },
        example: { type: 'boolean', default: false },
        simulated: { type: 'boolean', default: false },
        env: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageMistake(error instanceof Error ? error.message : String(error));
  }
}

function lengthOfTime(text: string): Milliseconds {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(text) ?? [];
  if (count === undefined)
    throw new UsageMistake(`--metric-lag ${text} is not a duration: use for example 5s or 2m.`);
  return Number(count) * (unit === 's' ? SECOND : MINUTE);
}

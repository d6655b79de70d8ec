import { parseArgs } from 'node:util';
import { MINUTE, SECOND } from '../src/core/time/clock.ts';
import type { Milliseconds } from '../src/core/time/clock.ts';

export const USAGE = `script/sandbox: a local AWS in the foreground, until ctrl-C.
  --port N          of its endpoint; default 4580, 0 takes any free one
  --dir DIR         where it keeps its data while it runs; default .sandbox
  --metric-lag 5s   how late CloudWatch's metrics come
  --limits          throttle calls as AWS does with an account's
  --policy FILE     refuse what this IAM policy does not allow, to every key but SANDBOX
  --example         also make the example's stack, with listeners on ports 8080 and 8081 (test)
  --simulated       without Docker: tasks and users are only pretended, nothing is pulled and nothing listens for users
  --env FILE        also write the variables into FILE, for other shells to source`;

/** The command line is not understood. The message says what was expected. */
export class UsageMistake extends Error {
  override readonly name = 'UsageMistake';
}

export interface CommandLine {
  readonly port: number;
  readonly directory: string;
  readonly metricLag: Milliseconds;
  readonly limits: boolean;
  /** Null: everything is allowed. */
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
    throw new UsageMistake(`--port ${port} is no port: use 0 (any free one) to 65535.`);
  if (example && simulated)
    throw new UsageMistake(
      '--example builds images, which --simulated has no engine for: leave out one of them.',
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
  if (count === undefined) throw new UsageMistake(`--metric-lag ${text} is no length of time: use 5s or 2m.`);
  return Number(count) * (unit === 's' ? SECOND : MINUTE);
}

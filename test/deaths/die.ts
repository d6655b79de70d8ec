// Ends the process of one release, and checks what it reported and left behind.
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openGate, type Gate } from '../support/gate.ts';
import type { RunOptions, RunResult, StartedRun, LiveSandbox } from '../support/live-sandbox.ts';
import type { Event } from '../../src/core/trail/event.ts';
import { inWords, rightEndings, touches, type Death, type Ending, type Place } from './death.ts';
import { isDeploying, type Lane } from './lane.ts';
import { runningTasks, truthOf, type GroundTruth } from './truth.ts';

export interface DeathResult {
  readonly death: Death;
  readonly ending: Ending;
  /** Of `main` and of `post`; `null` if it was ended by a signal or did not run. */
  readonly exitCodes: readonly [number | null, number | null];
  /** The broken promises; empty if all were kept. */
  readonly violations: readonly string[];
  /** The run's log, for failure messages. */
  readonly log: readonly string[];
}

/** The service's settings before the release. They must be restored. */
export type Own = Pick<GroundTruth, 'deploymentConfiguration' | 'tags' | 'runningTasks'>;

/** Starts a release, ends its process at the place, and checks the result. */
export async function die(sandbox: LiveSandbox, lane: Lane, own: Own, death: Death): Promise<DeathResult> {
  const before = await truthOf(sandbox, lane);
  const gates = await openGates(sandbox, death.place);
  try {
    const release = `${death.place}-${death.signal}-${death.after.replace(' ', '-')}`;
    const run = await releaseOf(sandbox, lane, { death, release, gates });
    const reached = waitFor(death.place, gates);
    const acting = await sandbox.start(run);
    await reach(death.place, acting, reached);
    end(acting, death, gates);
    const acted = await acting.done;
    const atEnd = await truthOf(sandbox, lane);
    await atRest(sandbox, lane);
    const after = await truthOf(sandbox, lane);
    return examine({ death, release, own, before, acted, atEnd, after });
  } finally {
    await Promise.all(Object.values(gates).map((gate) => gate.close()));
  }
}

type Gates = Partial<Record<'aws' | 'engine', Gate>>;

async function openGates({ environment }: LiveSandbox, place: Place): Promise<Gates> {
  if (place === 'register' || place === 'start')
    return { aws: await openGate(Number(new URL(environment['AWS_ENDPOINT_URL']!).port)) };
  if (place === 'push') return { engine: await openGate(new URL(environment['DOCKER_HOST']!).pathname) };
  return {};
}

/** Holds the call of a place that only a gate can find. Resolves when the call arrives. */
function waitFor(place: Place, { aws, engine }: Gates): Promise<void> | undefined {
  if (place === 'push') return engine!.hold(/POST \/images\/\S+\/push/);
  if (place === 'register') return aws!.hold(/x-amz-target: \S+\.RegisterTaskDefinition/i);
  if (place === 'start') return aws!.hold(/x-amz-target: \S+\.UpdateService/i, 'answer');
  return undefined;
}

async function releaseOf(
  sandbox: LiveSandbox,
  { service }: Lane,
  { death, release, gates }: { death: Death; release: string; gates: Gates },
): Promise<RunOptions> {
  const { place, after } = death;
  return {
    service,
    commit: release,
    hasPost: after === 'post step',
    environment: {
      ...(gates.aws && { AWS_ENDPOINT_URL: `http://127.0.0.1:${gates.aws.port}` }),
      ...(gates.engine && { DOCKER_HOST: `tcp://127.0.0.1:${gates.engine.port}` }),
    },
    inputs: await inputsFor(sandbox, place, release),
  };
}

async function inputsFor(sandbox: LiveSandbox, place: Place, release: string): Promise<Inputs> {
  switch (place) {
    case 'build':
      return endlessBuild(sandbox);
    case 'push':
      return { repository: 'shop/web', context: 'web' };
    case 'soak':
      return { ...(await quickly(sandbox, release)), 'bake-time': '10s', 'keep-old': '1m' };
    case 'rollback':
      return {
        ...(await quickly(sandbox, release)),
        'environment-variables': `RELEASE=${release}\nFAULT=errors`,
        'error-tolerance': '0.01',
        'max-error-rate': '0.01',
      };
    default:
      return quickly(sandbox, release);
  }
}

type Inputs = NonNullable<RunOptions['inputs']>;

/** A build that does not end. Runs node, because the example's base image has no shell. */
export async function endlessBuild({ workspace }: LiveSandbox): Promise<Inputs> {
  const dockerfile =
    'ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nRUN ["node", "-e", "setTimeout(() => {}, 600000)"]\n';
  await writeFile(join(workspace, 'endless.Dockerfile'), dockerfile);
  return { repository: 'shop/web', context: 'web', file: 'endless.Dockerfile' };
}

/**
 * A release of the first version's image with another release name, which its pages show. The judge
 * accepts little evidence, so each step is short.
 */
export async function quickly({ aws }: LiveSandbox, release: string): Promise<Inputs> {
  const { taskDefinition } = await aws.ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'shop-web:1' }),
  );
  return {
    image: taskDefinition!.containerDefinitions![0]!.image!,
    'environment-variables': `RELEASE=${release}`,
    steps: '30,60,100',
    // ECS's shortest hook timeout is a minute: this plus the time for the answer.
    'step-timeout': '30s',
    'error-tolerance': '0.3',
    'max-error-rate': '0.5',
    'latency-margin': '10',
  };
}

export const atStep = (percent: number) => (event: Event) =>
  event.kind === 'step-started' && event.percent === percent;

async function reach(place: Place, acting: StartedRun, reached: Promise<void> | undefined): Promise<void> {
  switch (place) {
    case 'build':
      return acting.untilLogged('RUN ["node"');
    case 'push':
    case 'register':
    case 'start':
      return Promise.race([reached, acting.until(() => false)]);
    case 'starting':
      return acting.until(({ kind }) => kind === 'rollout-started');
    case 'first':
      return acting.until(atStep(30));
    case 'second':
      return acting.until(atStep(60));
    case 'soak':
      return acting.until(atStep(100));
    case 'rollback':
      return acting.until(({ kind }) => kind === 'rollback-requested');
  }
}

/** With SIGTERM, the process still needs its held connection. With SIGKILL, it does not. */
function end({ step }: StartedRun, { signal }: Death, gates: Gates): void {
  if (signal === 'cancel') return step.cancel();
  step.kill(signal);
  if (signal === 'SIGTERM') for (const gate of Object.values(gates)) gate.open();
}

/** Waits until no deployment is in progress. After `PATIENCE`, the caller's checks fail. */
export async function atRest(sandbox: LiveSandbox, { service }: Lane): Promise<void> {
  for (const until = Date.now() + PATIENCE; Date.now() < until;) {
    if (!(await isDeploying(sandbox, service)) && (await runningTasks(sandbox, service)) === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

const PATIENCE = 240_000;

interface Observations {
  readonly death: Death;
  readonly release: string;
  readonly own: Own;
  readonly before: GroundTruth;
  readonly acted: RunResult;
  /** At the end of the job. `after`: when no deployment is in progress. */
  readonly atEnd: GroundTruth;
  readonly after: GroundTruth;
}

/** Places where the job requests the rollback within seconds. */
const PROMPT_PLACES: ReadonlySet<Place> = new Set(['starting', 'first', 'second', 'soak']);

/** The run tag of a killed run remains. */
const RUN_TAG = 'ecs-ramp:run';

const shown = (value: unknown) => JSON.stringify(value);

const hasPause = ({ deploymentConfiguration }: GroundTruth) =>
  (deploymentConfiguration.lifecycleHooks ?? []).length > 0;

function examine({ death, release, own, before, acted, atEnd, after }: Observations): DeathResult {
  const outcome = acted.outputs['outcome'] ?? null;
  const [old] = before.answering;
  const servesNew = after.answering.includes(release);
  // A pause of an earlier run remains if this run did not start a deployment.
  const leavesPause = hasPause(after) && (touches(death.place) || !hasPause(before));
  const ending: Ending = { outcome, serves: servesNew ? 'new' : 'old', leavesPause };
  const violations: string[] = [];
  const must = (isSo: boolean, otherwise: () => string) => {
    if (!isSo) violations.push(otherwise());
  };

  must(before.answering.length === 1, () => `before: ${shown(before.answering)} answer`);
  must(
    rightEndings(death).some((right) => isDeepStrictEqual(right, ending)),
    () => `it ended as ${shown(ending)}, not as ${shown(rightEndings(death))}`,
  );
  // The outcome must be true at the time of the report.
  if (outcome !== null) {
    must(isDeepStrictEqual(atEnd.answering, [outcome === 'deployed' ? release : old]), () => {
      return `when ${outcome} was reported, ${shown(atEnd.answering)} answered`;
    });
    must(
      isDeepStrictEqual(atEnd.shares, [0, 100]),
      () => `at the report, the weights were ${shown(atEnd.shares)}`,
    );
    must(!atEnd.isDeploying, () => 'at the report, a deployment was in progress');
  }
  must(!after.isDeploying, () => 'a deployment is still in progress');
  must(after.answering.length === 1, () => `afterwards ${shown(after.answering)} answer`);
  must(isDeepStrictEqual(after.shares, [0, 100]), () => `afterwards the weights are ${shown(after.shares)}`);
  must(servesNew || after.taskDefinition === before.taskDefinition, () => {
    return `the service is set to ${after.taskDefinition} but serves ${before.taskDefinition}`;
  });
  const tags = outcome === null ? after.tags.filter(({ key }) => key !== RUN_TAG) : after.tags;
  if (outcome === 'rolled-back' || !hasPause(after)) {
    const { deploymentConfiguration, runningTasks } = after;
    const left = { deploymentConfiguration, tags, runningTasks };
    must(isDeepStrictEqual(left, own), () => `it left ${shown(left)} instead of ${shown(own)}`);
  }
  const at = (kind: Event['kind']) => acted.events.find((event) => event.kind === kind)?.at;
  if (PROMPT_PLACES.has(death.place) && death.signal !== 'SIGKILL') {
    const took = (at('rollback-requested') ?? Infinity) - at('cancel-requested')!;
    must(took < 5_000, () => `the rollback was requested after ${took} ms`);
  }
  const reason = acted.outputs['reason'] ?? '';
  const isOurs = acted.events.some((event) => event.kind === 'rollback-requested' && event.cause !== 'ecs');
  must(
    !isOurs || !reason.includes('by itself'),
    () => `the reason does not say that the job requested the rollback: ${reason}`,
  );
  const errors = acted.annotations.filter(({ level }) => level === 'error');
  must(
    (outcome === null) === (errors.length === 0),
    () => `annotated ${errors.length} errors for ${outcome}`,
  );
  must(
    (outcome === null) === (acted.summary === ''),
    () => `a summary of ${acted.summary.length} characters`,
  );
  const { exitCode, postExitCode } = acted;
  must(exitCode !== 0 && (outcome === null || exitCode === 1 || postExitCode === 1), () => {
    return `main ended with ${exitCode}, post with ${postExitCode}`;
  });
  must(!acted.log.some((line) => /^\s+at .*:\d+:\d+/.test(line)), () => 'a stack trace in the log');
  return {
    death,
    ending,
    exitCodes: [exitCode, postExitCode],
    violations: violations.map((violation) => `${inWords(death)}: ${violation}`),
    log: acted.log,
  };
}

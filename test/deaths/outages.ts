// Outages of what the action requires: the Docker engine, the registry, AWS or the log's reader.
import { isDeepStrictEqual } from 'node:util';
import { openGate } from '../support/gate.ts';
import { startRegistry } from '../support/registry.ts';
import type { RunResult, LiveSandbox } from '../support/live-sandbox.ts';
import { atRest, atStep, endlessBuild, quickly, type Own } from './die.ts';
import type { Lane } from './lane.ts';
import { truthOf } from './truth.ts';

/** An outage during a release, and the expected outcome. */
export interface Outage {
  readonly name: string;
  readonly outcome: 'failed' | 'deployed' | 'rolled-back';
  /** Text of the job's only error annotation; `null`: no error. */
  readonly says: RegExp | null;
  run(sandbox: LiveSandbox, lane: Lane): Promise<RunResult>;
}

export interface Survived {
  readonly outcome: string | null;
  readonly serves: 'old' | 'new';
  readonly violations: readonly string[];
  readonly log: readonly string[];
}

const MINUTE = 60_000;
/** Half a minute, plus 3 s for a busy machine. */
const SILENCE = 33_000;

export const OUTAGES: readonly Outage[] = [
  {
    name: 'the Docker engine stops in the build',
    outcome: 'failed',
    says: /engine/,
    async run(sandbox, { service }) {
      const gate = await openGate(new URL(sandbox.environment['DOCKER_HOST']!).pathname);
      try {
        const acting = await sandbox.start({
          service,
          commit: 'engine-stops',
          environment: { DOCKER_HOST: `tcp://127.0.0.1:${gate.port}` },
          inputs: await endlessBuild(sandbox),
        });
        await acting.untilLogged('RUN ["node"');
        gate.cut();
        return await acting.done;
      } finally {
        await gate.close();
      }
    },
  },
  {
    name: 'the registry stops in the push',
    outcome: 'failed',
    says: /registry/i,
    async run(sandbox, { service }) {
      const registry = await startRegistry();
      const gate = await openGate(Number(registry.host.split(':')[1]));
      try {
        const uploading = gate.hold(/^(PATCH|PUT) \/v2\//);
        const acting = await sandbox.start({
          service,
          commit: 'registry-stops',
          inputs: {
            repository: 'shop/web',
            context: 'web',
            registry: `127.0.0.1:${gate.port}`,
            'registry-username': registry.username,
            'registry-password': registry.password,
          },
        });
        await Promise.race([uploading, acting.until(() => false)]);
        gate.cut();
        return await acting.done;
      } finally {
        await gate.close();
        await registry.stop();
      }
    },
  },
  {
    name: "AWS's API is away for a minute at 30%",
    outcome: 'deployed',
    says: null,
    async run(sandbox, { service }) {
      const gate = await openGate(Number(new URL(sandbox.environment['AWS_ENDPOINT_URL']!).port));
      try {
        const acting = await sandbox.start({
          service,
          commit: 'api-away',
          environment: { AWS_ENDPOINT_URL: `http://127.0.0.1:${gate.port}` },
          inputs: { ...(await quickly(sandbox, 'api-away')), 'step-timeout': '5m' },
        });
        await acting.until(atStep(30));
        gate.cut();
        await new Promise((resolve) => setTimeout(resolve, MINUTE));
        gate.open();
        return await acting.done;
      } finally {
        await gate.close();
      }
    },
  },
  {
    name: "the log's reader is gone at 30%",
    // Reported in the trail and in the summary.
    outcome: 'rolled-back',
    says: null,
    async run(sandbox, { service }) {
      const acting = await sandbox.start({
        service,
        commit: 'unread',
        inputs: await quickly(sandbox, 'unread'),
      });
      await acting.until(atStep(30));
      acting.step.stopReading();
      return acting.done;
    },
  },
];

/** Runs the outage on the lane, and checks the result. */
export async function survive(sandbox: LiveSandbox, lane: Lane, own: Own, outage: Outage): Promise<Survived> {
  const before = await truthOf(sandbox, lane);
  const acted = await outage.run(sandbox, lane);
  await atRest(sandbox, lane);
  const after = await truthOf(sandbox, lane);
  const finished = acted.events.findLast((event) => event.kind === 'finished');
  const outcome = finished?.outcome ?? null;
  const violations: string[] = [];
  const must = (isSo: boolean, otherwise: string) => {
    if (!isSo) violations.push(`${outage.name}: ${otherwise}`);
  };
  must(outcome === outage.outcome, `it ended as ${outcome}: ${finished?.reason}`);
  const servesNew = !isDeepStrictEqual(after.answering, before.answering);
  must(after.answering.length === 1, `${after.answering.join(', ')} answer`);
  must(servesNew === (outcome === 'deployed'), `${after.answering.join(', ')} answers after ${outcome}`);
  must(isDeepStrictEqual(after.shares, [0, 100]), `the weights are ${after.shares.join(' and ')}`);
  const { deploymentConfiguration, tags, runningTasks, isDeploying } = after;
  must(
    isDeepStrictEqual({ deploymentConfiguration, tags, runningTasks }, own) && !isDeploying,
    `it left ${JSON.stringify(after)}`,
  );
  must(acted.exitCode === (outcome === 'deployed' ? 0 : 1), `it ended with ${acted.exitCode}`);
  const errors = acted.annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
  if (outage.says) {
    must(errors.length === 1 && outage.says.test(errors[0]!), `it said ${errors.join(' | ') || 'nothing'}`);
  } else must(errors.length === 0, `it said ${errors.join(' | ')}`);
  const silence = Math.max(...acted.events.slice(1).map(({ at }, index) => at - acted.events[index]!.at));
  must(outcome === 'failed' || silence < SILENCE, `it was silent for ${silence} ms`);
  return { outcome, serves: servesNew ? 'new' : 'old', violations, log: acted.log };
}

import { afterEach, expect, jest, test } from '@jest/globals';
import { taskDefinitionRequest } from '../../../support/task-definitions.ts';
import { deploy } from '../../../../src/commands/deploy/deploy.ts';
import type { RolloutRequest } from '../../../../src/core/request.ts';
import { identify } from '../../../../src/core/run.ts';
import { logLines } from '../../../../src/report/log.ts';
import { renderSummary } from '../../../../src/report/summary.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import type { Event, NewEvent } from '../../../../src/core/trail/event.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';
import {
  createSimulatedWorker,
  FAILED_ORDERS,
  WORKER,
  type SimulatedWorker,
} from '../../../support/simulated-worker.ts';

jest.setTimeout(60_000);

const IMAGE = `registry.example/shop/worker@sha256:${'a'.repeat(64)}`;

let aws: SimulatedAws | null = null;
let worker: SimulatedWorker | null = null;
afterEach(async () => {
  worker?.close();
  await aws?.close();
  aws = worker = null;
});

/** Runs the whole job with an existing image; returns its texts. */
async function release(rollout: Partial<RolloutRequest>, failing: Readonly<Record<string, number>> = {}) {
  aws = await createSimulatedAws({ versions: {}, rate: 0 });
  const { clock, clients, until } = aws;
  worker = await until(createSimulatedWorker(aws, { failing }));
  await clock.advance(10 * MINUTE);
  const events: Event[] = [];
  const tell = (event: NewEvent) => void events.push({ ...event, at: clock.now() });
  const source = { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null };
  const began = clock.now();
  tell({
    kind: 'started',
    version: '1',
    ...WORKER,
    ...NOBODY,
    region: 'eu-west-1',
    account: null,
    dryRun: false,
  });
  const result = await until(
    deploy(
      {
        ...WORKER,
        image: { kind: 'given', reference: IMAGE },
        taskDefinition: taskDefinitionRequest(),
        rollout: rolloutRequest(rollout),
        access: { region: null, role: null, chaining: false },
        source,
        dryRun: false,
        eventsFile: '/dev/null',
        summaryFile: '/dev/null',
        recordingFile: '/dev/null',
      },
      {
        clients,
        sessionEnd: 'never',
        docker: () => Promise.reject(new Error('nothing is built')),
        clock,
        run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
        log: { say() {}, group() {}, endGroup() {} },
        tell,
        mask() {},
        cancelled: new AbortController().signal,
      },
    ),
  );
  tell({ kind: 'finished', ...result, took: clock.now() - began });
  return { result, log: events.flatMap(logLines).join('\n'), summary: renderSummary(events) };
}

const NOBODY = { commit: null, repositoryUrl: null, runUrl: null, actor: null };

test('the texts for a worker mention its work, not traffic', async () => {
  const { result, log, summary } = await release({ metrics: [FAILED_ORDERS] });
  expect(result.outcome).toBe('deployed');
  expect(log).toMatch(/plan: 50%, 100% of the work/);
  expect(log).toMatch(/50% of the work goes to the new revision/);
  expect(log).toMatch(/canary: [\d,]+ messages, \d+ failed/);
  expect(log).toMatch(/the work on the new revision: 100%/);
  expect(summary).toMatch(/is deployed: .* does all the work/);
  expect(summary).toMatch(/Canary&nbsp;messages/);
  expect(`${log}${summary}`).not.toMatch(/production traffic|listener rule|requests|target/);
});

test('a rollback of a worker is reported with its messages', async () => {
  const { result, log, summary } = await release({ metrics: [FAILED_ORDERS] }, { 2: 0.1 });
  expect(result.outcome).toBe('rolled-back');
  expect(log).toMatch(/rolling back from 50%.*messages to the new revision failed/);
  expect(`${log}${summary}`).not.toMatch(/production traffic|listener rule|requests|target/);
});

test('missing metrics cause a warning, and impossible steps are reported', async () => {
  const { result, log } = await release({ metrics: [] });
  expect(log).toMatch(
    /50% passed after 5m.*: its tasks ran for 5m.* and none failed; no metric counts failures/,
  );
  expect(log).not.toMatch(/not enough evidence/);
  expect(result.outcome).toBe('deployed');
  expect(log).toMatch(
    /warning: Service worker has no load balancer: at its only step half of its tasks are new/,
  );
  expect(log).toMatch(
    /It has no metrics of its own: only crashes, failing health checks and alarms can stop a bad release/,
  );
});

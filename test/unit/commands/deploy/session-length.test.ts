import { afterEach, expect, test } from '@jest/globals';
import { taskDefinitionRequest } from '../../../support/task-definitions.ts';
import { deploy } from '../../../../src/commands/deploy/deploy.ts';
import type { DeployResult } from '../../../../src/commands/deploy/result.ts';
import type { SessionEnd } from '../../../../src/aws/credentials/session-end.ts';
import type { Request } from '../../../../src/core/request.ts';
import { identify } from '../../../../src/core/run.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import type { NewEvent } from '../../../../src/core/trail/event.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';

let aws: SimulatedAws | null = null;
afterEach(() => aws?.close());

const IMAGE = `registry.example.com/shop/web@sha256:${'2'.repeat(64)}`;

const request: Request = {
  service: 'web',
  cluster: 'shop',
  image: { kind: 'given', reference: IMAGE },
  taskDefinition: taskDefinitionRequest(),
  rollout: rolloutRequest(),
  access: { region: null, role: null, chaining: false },
  source: { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
  dryRun: true,
  eventsFile: '/dev/null',
  summaryFile: '/dev/null',
  recordingFile: '/dev/null',
};

/** Runs the job with credentials of the given duration; returns its outcome and events. */
async function run(
  lasts: number,
  different: Partial<Request> = {},
  faults: readonly object[] = [],
): Promise<{
  readonly result: DeployResult | null;
  readonly refusal: string;
  readonly told: readonly NewEvent[];
}> {
  aws = await createSimulatedAws({ versions: { [IMAGE]: {} } });
  const { clients, clock } = aws;
  aws.wire.faults.add(faults);
  const told: NewEvent[] = [];
  const sessionEnd: SessionEnd = clock.now() + lasts;
  const work = deploy(
    { ...request, ...different },
    {
      clients,
      sessionEnd,
      docker: () => Promise.reject(new Error('nothing is built')),
      clock,
      run: identify({}),
      log: { say() {}, group() {}, endGroup() {} },
      tell: (event) => told.push(event),
      mask() {},
      cancelled: new AbortController().signal,
    },
  );
  return aws.until(work).then(
    (result) => ({ result, refusal: '', told }),
    (error: Error) => ({ result: null, refusal: error.message, told }),
  );
}

test('a rollout that cannot end before its credentials expire is refused before the build, with all other problems', async () => {
  const { refusal } = await run(20 * MINUTE, { rollout: rolloutRequest({ alarms: ['nothing-like-it'] }) });
  expect(refusal).toContain('no CloudWatch alarm "nothing-like-it"');
  expect(refusal).toMatch(
    /ends in 20m, .* takes at least 25m and at most 3h20m: the rollout cannot end in time/,
  );
});

test('a rollout that may not end in time causes a warning', async () => {
  const { result, told } = await run(60 * MINUTE);
  expect(result).toMatchObject({ outcome: 'unchanged' });
  const warnings = told.flatMap((event) =>
    event.kind === 'notice' && event.level === 'warning' ? [event.message] : [],
  );
  expect(warnings).toEqual([expect.stringContaining('ends in 1h')]);
});

test('the credentials are checked again before the rollout starts', async () => {
  const slow = { service: 'ecs', operation: 'RegisterTaskDefinition', delay: 3 * MINUTE };
  const { refusal } = await run(27 * MINUTE, { dryRun: false }, [slow]);
  expect(refusal).toMatch(/cannot end in time.* Nothing was started\./);
  expect(aws!.wire.calls.map(({ operation }) => operation)).not.toContain('UpdateService');
});

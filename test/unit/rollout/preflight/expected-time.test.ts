import { afterEach, expect, jest, test } from '@jest/globals';
import { DAY, MINUTE } from '../../../../src/core/time/clock.ts';
import { judge } from '../../../../src/judge/judge.ts';
import { expectedSteps, tooQuiet } from '../../../../src/rollout/preflight/expected-time.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';
import { call } from '../../cli/calls.ts';

jest.setTimeout(60_000);

const plan = rolloutRequest();
const quiet = (requestsPerSecond: number, errorRate = 0) => ({ requestsPerSecond, errorRate, over: 3 * DAY });

test.each([0.5, 2, 10])('at %s requests/s, the judge passes the first step at the expected time', (rate) => {
  const [first] = expectedSteps(plan, quiet(rate));
  const perMinute = rate * 60 * 0.1;
  // Whole requests: a fraction is carried over to the next minute.
  const requests = (t: number) => Math.floor((t + 1) * perMinute) - Math.floor(t * perMinute);
  const minutes = Array.from({ length: 400 }, (_, t) => ({
    t,
    canary: { requests: requests(t), errors: 0 },
    stable: { requests: rate * 54, errors: 0 },
  }));
  const passesAt = minutes.findIndex(
    (_, now) =>
      judge({
        period: 60,
        steps: [{ at: 0, percent: 10 }],
        minutes: minutes.slice(0, now + 1),
        settings: { metricDelay: 2, warmUp: 3 },
      }).verdict === 'pass',
  );
  expect(passesAt + 1).toBe(first!.time / MINUTE);
});

test('only the first step contains the warm-up, and none is shorter than bake-time', () => {
  const times = expectedSteps(plan, quiet(2)).map(({ time }) => time / MINUTE);
  expect(times).toEqual([35, 12, 7, 6]);
  expect(expectedSteps(plan, quiet(500)).map(({ time }) => time / MINUTE)).toEqual([6, 5, 5, 5]);
});

test('errors of the old revision are counted: they need more requests', () => {
  const [clean, failing] = [0, 0.005].map((rate) => expectedSteps(plan, quiet(5, rate))[0]!.time);
  expect(failing!).toBeGreaterThan(clean!);
});

test('a quiet service is told in numbers, with each way to change it', () => {
  expect(tooQuiet('web', plan, quiet(2))).toBe(
    'Service web received 2 requests/s on average in the last 3d. A release that is as good as the old one needs about 35m at 10%, 12m at 30%, 7m at 60%, 6m at 90% to get enough evidence, and step-timeout is 30m: it would be rolled back at 10% without a fault. Set steps to 20,60,100, set step-timeout to 50m or more, or set on-inconclusive to continue, which goes on without enough evidence.',
  );
  expect(tooQuiet('web', plan, quiet(3))).toContain('it may be rolled back at 10%');
  expect(tooQuiet('web', { ...plan, onInconclusive: 'continue' }, quiet(2))).toContain(
    'it would go on from 10% without enough evidence (on-inconclusive is continue). Set steps to 20,60,100, or set step-timeout to 50m or more.',
  );
  expect(tooQuiet('web', plan, quiet(0))).toBe(
    'Service web received no requests in the last 3d. Without requests, no step gets enough evidence, and step-timeout is 30m: it would be rolled back at 10% without a fault. Set on-inconclusive to continue, which goes on without enough evidence.',
  );
});

test.each([
  ['a busy service', plan, 20],
  ['a longer step-timeout', { ...plan, stepTimeout: 60 * MINUTE }, 2],
  ['a larger first step', { ...plan, steps: [50, 100] }, 1],
])('%s is not warned', (_, different, rate) => {
  expect(tooQuiet('web', different, quiet(rate))).toBeNull();
});

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

async function planAt(rate: number, ...options: string[]) {
  aws = await createSimulatedAws({ versions: {}, rate });
  await aws.clock.advance(30 * MINUTE);
  const { clock, clients, until } = aws;
  const args = ['plan', '--cluster', 'shop', '--service', 'web', ...options, '--image'];
  return until(
    call([...args, `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`], {
      env: { AWS_REGION: 'eu-west-1' },
      clock,
      clients,
    }),
  );
}

test('plan reads the traffic of a quiet service and warns', async () => {
  const { code, stdout } = await planAt(1);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /warning: Service web received \S+ requests\/s on average in the last 3\dm.* and step-timeout is 30m: it would be rolled back at 10% without a fault\./,
  );
});

test('plan shows the expected times of a busy service without a warning', async () => {
  const { code, stdout } = await planAt(50);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Service web received \d\d requests\/s .* needs about 7m at 10%, 5m at 30%/);
  expect(stdout).not.toContain('warning');
});

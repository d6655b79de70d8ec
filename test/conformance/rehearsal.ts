import { createApplicationAutoScaling } from '../../sandbox/application-auto-scaling/application-auto-scaling.ts';
import { createCloudWatchLogs } from '../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import { createCloudWatch } from '../../sandbox/cloudwatch/cloudwatch.ts';
import { createEcs } from '../../sandbox/ecs/ecs.ts';
import type { EcsSettings } from '../../sandbox/ecs/ecs.ts';
import { createElbv2 } from '../../sandbox/elbv2/elbv2.ts';
import { createFaults } from '../../sandbox/faults/faults.ts';
import { GOOD } from '../../sandbox/simulated/behaviour.ts';
import type { Behaviour } from '../../sandbox/simulated/behaviour.ts';
import { createSimulatedTasks } from '../../sandbox/simulated/tasks.ts';
import { createSimulatedTraffic } from '../../sandbox/simulated/traffic.ts';
import { createSts } from '../../sandbox/sts/sts.ts';
import type { Service } from '../../sandbox/wire/service.ts';
import { createWire, inProcess, knowsOperation } from '../../sandbox/wire/wire.ts';
import type { TaskToRun } from '../../sandbox/ports.ts';
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import { seeded } from '../support/simulated-aws.ts';
import { createVirtualClock, immediate } from '../support/virtual-clock.ts';
import { contractCases } from './contract/cases.ts';
import { verify } from './verify.ts';
import type { Verdict, VerifyOptions } from './verify.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

/** Runs script/verify-on-aws against a sandbox in this process, on a virtual clock. */
export async function rehearse(
  more: Partial<VerifyOptions> = {},
  timing: Partial<EcsSettings> = {},
): Promise<Verdict> {
  const calls = { underWay: 0 };
  const watch = { begun: () => void calls.underWay++, ended: () => void calls.underWay-- };
  // A call of the SDK takes several turns of the event loop. Virtual time must not pass meanwhile.
  const clock = createVirtualClock(undefined, async () => {
    do await immediate();
    while (calls.underWay > 0);
  });
  const random = seeded(1);
  const place = { clock, account: ACCOUNT, region: REGION };
  const cloudWatch = createCloudWatch({ clock, lag: MINUTE });
  const tasks = createSimulatedTasks({ clock, behaviourOf: (_, task) => behaviourOf(task) });
  const traffic = createSimulatedTraffic({
    clock,
    random,
    metrics: cloudWatch.sink,
    at: (target) => tasks.at(target)?.behaviour ?? null,
    port: 80,
    rate: 20,
  });
  const elb = createElbv2({ ...place, dataPlane: traffic, metrics: cloudWatch.sink });
  const ecs = createEcs({
    ...place,
    random,
    loadBalancing: elb.loadBalancing,
    runner: tasks,
    alarms: cloudWatch.alarms,
    timing,
  });
  const failures: unknown[] = [];
  const wire = createWire({
    services: [
      ecs.service,
      elb.service,
      cloudWatch.service,
      createCloudWatchLogs({ clock }).service,
      createSts(place).service,
      createApplicationAutoScaling(place).service,
      noRepositories,
    ],
    faults: createFaults(knowsOperation),
    clock,
    account: ACCOUNT,
    onFailure: (error) => failures.push(error),
  });
  const state = { settled: false };
  const work = verify({
    aws: {
      region: REGION,
      endpoint: 'http://sandbox',
      credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' },
      requestHandler: inProcess(wire),
      watch,
    },
    subject: 'sandbox',
    clock,
    region: REGION,
    prefix: 'rehearsal',
    image: 'busybox',
    ground: {
      vpc: 'vpc-1',
      subnets: ['subnet-a', 'subnet-b'],
      securityGroups: ['sg-1'],
      infrastructureRole: `arn:aws:iam::${ACCOUNT}:role/infrastructure`,
      executionRole: `arn:aws:iam::${ACCOUNT}:role/execution`,
    },
    // Without ECR, because the registry is another process that does not use the virtual clock.
    cases: contractCases.filter(({ name }) => !name.startsWith('ecr:')),
    askAt: null,
    onProgress: () => {},
    ...more,
  }).finally(() => (state.settled = true));
  work.catch(() => {});
  while (!state.settled) await clock.advance(SECOND);
  await ecs.close();
  await elb.close();
  cloudWatch.close();
  if (failures.length > 0) throw new AggregateError(failures, 'The sandbox failed.');
  return work;
}

/** The template's command of a container determines its behaviour. */
function behaviourOf({ containers }: TaskToRun): Behaviour {
  const command = containers[0]?.command?.join(' ') ?? '';
  if (command.includes('exit 1')) return { ...GOOD, exitsAfter: SECOND };
  return { ...GOOD, healthy: command.includes('index.html') };
}

const noRepositories: Service = {
  name: 'ecr',
  operations: { DescribeRepositories: () => ({ repositories: [] }) },
};

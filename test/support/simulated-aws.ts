import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { createCloudWatchLogs } from '../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import { createCloudWatch } from '../../sandbox/cloudwatch/cloudwatch.ts';
import { createEcs, type EcsSettings } from '../../sandbox/ecs/ecs.ts';
import { createElbv2 } from '../../sandbox/elbv2/elbv2.ts';
import { createFaults, type Faults } from '../../sandbox/faults/faults.ts';
import { allows, readPolicy, type Wanted } from '../../sandbox/iam/policy.ts';
import { wantedBy } from '../../sandbox/iam/wanted.ts';
import type { LoadBalancing, Target } from '../../sandbox/ports.ts';
import { createSts } from '../../sandbox/sts/sts.ts';
import { GOOD, type Behaviour } from '../../sandbox/simulated/behaviour.ts';
import { createSimulatedTasks, type Answering } from '../../sandbox/simulated/tasks.ts';
import { createSimulatedTraffic, type Tally } from '../../sandbox/simulated/traffic.ts';
import { denied } from '../../sandbox/wire/access-denied.ts';
import { createWire, inProcess, knowsOperation, type Wire } from '../../sandbox/wire/wire.ts';
import type { Service } from '../../sandbox/wire/service.ts';
import { createClients, type Clients } from '../../src/aws/clients.ts';
import { HOUR, MINUTE, type Milliseconds } from '../../src/core/time/clock.ts';
import { createDirectClients, type Gate } from './direct-clients.ts';
import { createSimulatedEcr, type SimulatedEcr } from './simulated-ecr.ts';
import { createService, registerTaskDefinition } from './simulated-service.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

export interface SimulatedAws {
  readonly clock: VirtualClock;
  readonly wire: Wire;
  /** The SDK's own clients, over the wire; nothing is tried twice. */
  readonly clients: Clients;
  /** The same with the keys of a session that ends, and that nobody renews. */
  readonly clientsOfSession: (length: Milliseconds) => Clients;
  /** Clients of somebody else, for whom nothing goes wrong. */
  readonly bystander: Clients;
  /** Clients of somebody who may do what the policy says, and nothing else; cheap ones, as the bystander's. Told of all that is asked. */
  readonly allowed: (policy: object, asked?: (wanted: Wanted, isAllowed: boolean) => void) => Clients;
  readonly services: readonly Service[];
  /** The same, as those see it whom something is to go wrong for. */
  readonly disturbed: readonly Service[];
  readonly loadBalancing: LoadBalancing;
  readonly ecr: SimulatedEcr;
  /** The two target groups of the service; the first serves at the beginning. */
  readonly targetGroups: readonly [string, string];
  readonly rule: string;
  readonly listener: string;
  readonly tallies: ReadonlyMap<string, Tally>;
  /** The image that answers at an address; null: nothing does. */
  readonly imageAt: (target: Pick<Target, 'id'>) => string | null;
  /** Registers another version; its image decides how it behaves. */
  readonly register: (image: string) => Promise<string>;
  /** Lets time pass until `work` has settled. */
  readonly until: <T>(work: Promise<T>) => Promise<T>;
  close(): Promise<void>;
}

export interface SimulatedAwsOptions {
  readonly versions: Readonly<Record<string, Partial<Behaviour>>>;
  /** What the first revision of the service runs. */
  readonly firstImage?: string;
  readonly rate?: number;
  /** How often the users ask; a second unless told. */
  readonly usersEvery?: Milliseconds;
  readonly seed?: number;
  readonly clock?: VirtualClock;
  /** How the sandbox's ECS is to be. */
  readonly timing?: Partial<EcsSettings>;
  /** How late CloudWatch publishes. */
  readonly lag?: Milliseconds;
  readonly healthCheckSeconds?: number;
  readonly desiredCount?: number;
  readonly deploymentConfiguration?: DeploymentConfiguration;
  /** False: ECS knows one target group of the service only. */
  readonly shifting?: boolean;
  /** Of a test listener; left out, there is none. */
  readonly testPort?: number;
  /** How a version behaves at a time, where that changes. */
  readonly behaviourNow?: (answering: Answering, now: number) => Behaviour;
  /** Between ECS and the load balancer. */
  readonly watchWeights?: (rule: string, weights: ReadonlyMap<string, number>) => void;
  readonly routed?: () => void;
  readonly faults?: Faults;
  /** Between the wire and the service: answers that lag, or lack something. */
  readonly disturb?: (service: Service) => Service;
  /** Of every session that STS begins. */
  readonly sessionLength?: Milliseconds;
  /** What else the SDK's clients are to be told. */
  readonly sdk?: object;
}

/** AWS in one process on a virtual clock: service `web` of cluster `shop` serves version 1 to simulated users. Same seed, same story. */
export async function createSimulatedAws(options: SimulatedAwsOptions): Promise<SimulatedAws> {
  const clock = options.clock ?? createVirtualClock();
  const { disturb = (service) => service, behaviourNow = ({ behaviour }) => behaviour } = options;
  const random = seeded(options.seed ?? 1);
  const cloudWatch = createCloudWatch({ clock, lag: options.lag ?? MINUTE });
  const logs = createCloudWatchLogs({ clock });
  const tasks = createSimulatedTasks({
    clock,
    behaviourOf: (image) => ({ ...GOOD, ...options.versions[image] }),
  });
  const traffic = createSimulatedTraffic({
    clock,
    random,
    metrics: cloudWatch.sink,
    at(target) {
      const answering = tasks.at(target);
      return answering && behaviourNow(answering, clock.now());
    },
    port: 80,
    rate: options.rate ?? 20,
    ...(options.usersEvery && { every: options.usersEvery }),
    ...(options.routed && { routed: options.routed }),
  });
  const elb = createElbv2({
    clock,
    account: ACCOUNT,
    region: REGION,
    dataPlane: traffic,
    metrics: cloudWatch.sink,
  });
  const loadBalancing: LoadBalancing = {
    ...elb.loadBalancing,
    setWeights(rule, weights) {
      elb.loadBalancing.setWeights(rule, weights);
      options.watchWeights?.(rule, weights);
    },
  };
  const ecs = createEcs({
    clock,
    account: ACCOUNT,
    region: REGION,
    random,
    loadBalancing,
    runner: tasks,
    alarms: cloudWatch.alarms,
    ...(options.timing && { timing: options.timing }),
  });
  const failures: unknown[] = [];
  const sts = createSts({ clock, ...(options.sessionLength && { sessionLength: options.sessionLength }) });
  const ecr = createSimulatedEcr({ clock, account: ACCOUNT, region: REGION });
  const services = [ecs.service, ecr.service, elb.service, cloudWatch.service, logs.service, sts.service];
  const disturbed = services.map(disturb);
  const wire = createWire({
    services: disturbed,
    faults: options.faults ?? createFaults(knowsOperation),
    clock,
    account: ACCOUNT,
    hasEnded: sts.sessions.hasEnded,
    onFailure: (error) => failures.push(error),
  });
  const clientsWith = (credentials: object) =>
    createClients({
      region: REGION,
      version: 'test',
      overrides: {
        endpoint: 'http://sandbox',
        credentials,
        requestHandler: inProcess(wire),
        // The SDK's own waiting would be real time.
        retryMode: 'standard',
        maxAttempts: 1,
        ...options.sdk,
      },
    });
  const clients = clientsWith({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' });
  const direct = (gate: Gate) =>
    createDirectClients({
      services,
      clock,
      faults: null,
      random,
      gate,
      account: ACCOUNT,
      region: REGION,
    });
  const bystander = direct((_, perform) => perform());

  async function until<T>(work: Promise<T>): Promise<T> {
    const state = { settled: false };
    const end = () => void (state.settled = true);
    work.then(end, end);
    const began = clock.now();
    while (!state.settled) {
      await clock.advance(1_000);
      if (clock.now() - began > 6 * HOUR) throw new Error('six hours have passed, and it has not ended');
    }
    return work;
  }

  const register = (image: string) => registerTaskDefinition(bystander, 'web', image);
  const stack = await until(
    createService(bystander, { ...options, name: 'web', port: 80, account: ACCOUNT }),
  );
  // Enough history for the latency thresholds.
  await clock.advance(10 * MINUTE);

  return {
    clock,
    wire,
    clients,
    clientsOfSession(length) {
      const { AccessKeyId, SecretAccessKey, SessionToken } = sts.sessions.begin(length);
      return clientsWith({
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      });
    },
    bystander,
    allowed(document, asked = () => {}) {
      const policy = readPolicy(JSON.stringify(document));
      return direct(async (call, perform) => {
        for (const wanted of wantedBy({ ...call, caller: { account: ACCOUNT, region: REGION } })) {
          const isAllowed = allows(policy, wanted);
          asked(wanted, isAllowed);
          if (!isAllowed)
            throw Object.assign(new Error(denied(wanted, ACCOUNT)), {
              name: 'AccessDeniedException',
              $fault: 'client',
              $metadata: { httpStatusCode: 400 },
            });
        }
        return perform();
      });
    },
    services,
    disturbed,
    loadBalancing: elb.loadBalancing,
    ecr,
    ...stack,
    tallies: traffic.tallies,
    imageAt: (target) => tasks.at(target)?.image ?? null,
    register,
    until,
    async close() {
      await ecs.close();
      await elb.close();
      cloudWatch.close();
      if (failures.length > 0) throw new AggregateError(failures, 'the sandbox failed');
    },
  };
}

/** mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { isIPv4 } from 'node:net';
import type {
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  TargetDescription,
  TargetHealthReasonEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { SECOND } from '../../src/core/time/clock.ts';
import type { DataPlane, Target } from '../ports.ts';
import { AwsError } from '../wire/service.ts';
import { integer, invalid, required } from './parameters.ts';
import { seconds } from './routing.ts';
import { findTargetGroup, loadBalancerUsing } from './world.ts';
import type { TargetGroupRecord, TargetRecord, World } from './world.ts';

export interface Targets {
  register(group: TargetGroupRecord, targets: readonly Target[]): void;
  /**
   * Starts draining: no new requests. Targets are removed without requests in flight, at the latest
   * after the deregistration delay.
   */
  deregister(group: TargetGroupRecord, targets: readonly Target[]): void;
  /**
   * Call after a change of rules or listeners. Targets without a rule that forwards to them are not
   * checked.
   */
  usesChanged(): void;
  /** Stops the health checks and draining of these targets. */
  forget(group: TargetGroupRecord): void;
}

interface Options {
  readonly dataPlane: DataPlane;
  /** Factor for the interval of health checks. */
  readonly healthCheckScale: number;
  /** Called when the targets that receive requests may have changed. */
  readonly changed: () => void;
}

export function createTargets(world: World, { dataPlane, healthCheckScale, changed }: Options): Targets {
  const { clock } = world;

  function isUsed(group: TargetGroupRecord): boolean {
    return loadBalancerUsing(world, group.arn) !== null;
  }

  function begin(group: TargetGroupRecord, target: TargetRecord): void {
    target.cancel();
    target.passed = 0;
    target.failed = 0;
    if (!isUsed(group)) {
      target.cancel = () => {};
      become(
        target,
        'unused',
        'Target.NotInUse',
        'Target group is not configured to receive traffic from the load balancer',
      );
      return;
    }
    become(target, 'initial', 'Elb.RegistrationInProgress', 'Target registration is in progress');
    watch(group, target);
  }

  function watch(group: TargetGroupRecord, target: TargetRecord): void {
    let watching = true;
    let cancelNext = clock.after(0, () => void look());
    target.cancel = () => {
      watching = false;
      cancelNext();
    };

    async function look(): Promise<void> {
      const { settings } = group;
      const next = clock.now() + settings.HealthCheckIntervalSeconds! * SECOND * healthCheckScale;
      const answer = await dataPlane.probe(target, {
        path: settings.HealthCheckPath!,
        port: settings.HealthCheckPort === 'traffic-port' ? null : Number(settings.HealthCheckPort),
        timeout: settings.HealthCheckTimeoutSeconds! * SECOND,
      });
      if (!watching) return;
      if (judge(group, target, answer)) changed();
      cancelNext = clock.after(Math.max(0, next - clock.now()), () => void look());
    }
  }

  return {
    register(group, targets) {
      for (const { id, port } of targets) {
        const registered = group.targets.get(keyOf({ id, port }));
        if (registered && registered.state !== 'draining') continue;
        const target: TargetRecord = registered ?? {
          id,
          port,
          state: 'initial',
          reason: null,
          description: null,
          passed: 0,
          failed: 0,
          cancel: () => {},
        };
        group.targets.set(keyOf(target), target);
        begin(group, target);
      }
      changed();
    },

    deregister(group, targets) {
      for (const { id, port } of targets) {
        const target = group.targets.get(keyOf({ id, port }));
        if (!target || target.state === 'draining') continue;
        target.cancel();
        become(target, 'draining', 'Target.DeregistrationInProgress', 'Target deregistration is in progress');
        const end = clock.now() + seconds(group.attributes, 'deregistration_delay.timeout_seconds');

        const look = () => {
          const idle = !isUsed(group) || dataPlane.inFlight?.(group.arn, target) === 0;
          if (idle || clock.now() >= end) group.targets.delete(keyOf(target));
          else target.cancel = clock.after(Math.min(SECOND, end - clock.now()), look);
        };
        look();
      }
      changed();
    },

    usesChanged() {
      for (const group of world.targetGroups.values()) {
        const used = isUsed(group);
        for (const target of group.targets.values()) {
          if (target.state !== 'draining' && used === (target.state === 'unused')) begin(group, target);
        }
      }
    },

    forget(group) {
      for (const target of group.targets.values()) target.cancel();
      group.targets.clear();
    },
  };
}

function become(
  target: TargetRecord,
  state: TargetRecord['state'],
  reason: TargetHealthReasonEnum | null,
  description: string | null,
): boolean {
  const different = target.state !== state;
  Object.assign(target, { state, reason, description });
  return different;
}

/** @returns whether the state has changed. */
function judge(
  { settings }: TargetGroupRecord,
  target: TargetRecord,
  answer: Awaited<ReturnType<DataPlane['probe']>>,
): boolean {
  if ('status' in answer && matches(settings.Matcher!.HttpCode!, answer.status)) {
    target.passed++;
    target.failed = 0;
    // A new target requires one successful check, an unhealthy one as many as the threshold.
    const enough = target.state === 'initial' || target.passed >= settings.HealthyThresholdCount!;
    return enough && become(target, 'healthy', null, null);
  }
  target.failed++;
  target.passed = 0;
  const [reason, description] = failureOf(answer);
  if (target.failed >= settings.UnhealthyThresholdCount!)
    return become(target, 'unhealthy', reason, description);
  if (target.state === 'initial') {
    become(target, 'initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress');
  }
  return false;
}

function failureOf(answer: Awaited<ReturnType<DataPlane['probe']>>): [TargetHealthReasonEnum, string] {
  if ('status' in answer) {
    return ['Target.ResponseCodeMismatch', `Health checks failed with these codes: [${answer.status}]`];
  }
  return answer.problem === 'timeout'
    ? ['Target.Timeout', 'Request timed out']
    : ['Target.FailedHealthChecks', 'Health checks failed'];
}

/** `200`, `200,202` or `200-299`. */
function matches(codes: string, status: number): boolean {
  return codes.split(',').some((part) => {
    const [first, last = first] = part.split('-').map(Number);
    return status >= first! && status <= last!;
  });
}

export function keyOf({ id, port }: Target): string {
  return `${id}:${port}`;
}

/** @throws AwsError ValidationError */
export function parseTargets(
  group: TargetGroupRecord,
  targets: readonly TargetDescription[] | undefined,
): Target[] {
  return required(targets, 'targets').map(({ Id, Port }) => {
    const id = required(Id, 'targets.id');
    const port = integer(Port ?? group.settings.Port!, 'targets.port', [1, 65_535]);
    if (group.settings.TargetType === 'ip' && !isIPv4(id)) {
      throw invalid(`The IP address '${id}' is not a valid IPv4 address`);
    }
    if (group.settings.TargetType === 'instance' && !id.startsWith('i-')) {
      throw new AwsError('InvalidTarget', `The instance ID '${id}' is not valid`);
    }
    return { id, port };
  });
}

export function describeTargetHealth(
  world: World,
  input: DescribeTargetHealthInput,
): DescribeTargetHealthOutput {
  const group = findTargetGroup(world, required(input.TargetGroupArn, 'targetGroupArn'));
  const asked = input.Targets?.length ? parseTargets(group, input.Targets) : [...group.targets.values()];
  return {
    TargetHealthDescriptions: asked.map(({ id, port }) => {
      const target = group.targets.get(keyOf({ id, port }));
      const checked = group.settings.HealthCheckPort!;
      return {
        Target: { Id: id, Port: port },
        HealthCheckPort: checked === 'traffic-port' ? String(port) : checked,
        TargetHealth: target
          ? {
              State: target.state,
              Reason: target.reason ?? undefined,
              Description: target.description ?? undefined,
            }
          : {
              State: 'unused',
              Reason: 'Target.NotRegistered',
              Description: 'Target is not registered to the target group',
            },
      };
    }),
  };
}

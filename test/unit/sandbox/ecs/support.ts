import type {
  CreateServiceRequest,
  DeploymentConfiguration,
  RegisterTaskDefinitionRequest,
  Service,
  ServiceDeployment,
  Task,
} from '@aws-sdk/client-ecs';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import type {
  LoadBalancing,
  Target,
  TargetHealth,
  TaskReports,
  TaskRunner,
  TaskToRun,
} from '../../../../sandbox/ports.ts';
import type { createAutoScaling } from '../../../../sandbox/auto-scaling/auto-scaling.ts';
import { createEcs, type EcsSettings } from '../../../../sandbox/ecs/ecs.ts';
import { AwsError } from '../../../../sandbox/wire/service.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

export const BLUE = 'arn:target-group/blue';
export const GREEN = 'arn:target-group/green';
export const PRODUCTION = 'arn:listener-rule/production';
export const TEST = 'arn:listener-rule/test';

const DRAINING = 3 * SECOND;

/** How tasks of a family's revision behave; by default they serve. */
export type Behaviour = 'serves' | 'crashes' | 'sick' | 'cannot-pull';

/** An ECS with a simulated balancer and simulated tasks, with short helpers for the tests. */
export function createStage(
  timing: Partial<EcsSettings> = {},
  createGroups: (clock: VirtualClock) => ReturnType<typeof createAutoScaling> | null = () => null,
) {
  const clock = createVirtualClock();
  const autoScaling = createGroups(clock);
  const balancer = createBalancer(clock);
  const behaviours = new Map<string, Behaviour>();
  const runner = createRunner(clock, (image) => behaviours.get(image) ?? 'serves', balancer);
  const firing = new Set<string>();
  let seed = 1;
  const ecs = createEcs({
    clock,
    account: '123456789012',
    region: 'eu-west-1',
    random: () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647,
    loadBalancing: balancer,
    runner,
    alarms: { state: (name) => (firing.has(name) ? 'ALARM' : 'OK') },
    ...(autoScaling && { groups: autoScaling.groups }),
    timing,
  });
  const caller = { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKIATEST' };

  // oxlint-disable-next-line typescript/no-explicit-any -- replies are looked at member by member
  const call = (operation: string, input: object): any => {
    const reply: unknown = ecs.service.operations[operation]?.(input, caller);
    if (reply === undefined) throw new Error(`no operation ${operation}`);
    return reply;
  };
  const sandbox = {
    clock,
    call,
    platform: ecs.platform,
    autoScaling,
    balancer,
    runner,
    firing,
    /** The code and the message of a refused call. */
    refusal(operation: string, input: object): { code: string; message: string } {
      try {
        call(operation, input);
      } catch (error) {
        if (error instanceof AwsError) return { code: error.code, message: error.message };
        throw error;
      }
      throw new Error(`${operation} was not refused`);
    },
    /** Registers another revision of `web`; returns its ARN. */
    register(behaviour: Behaviour = 'serves', more: Partial<RegisterTaskDefinitionRequest> = {}): string {
      const image = `registry/web:${behaviours.size + 1}`;
      behaviours.set(image, behaviour);
      return call('RegisterTaskDefinition', {
        family: 'web',
        networkMode: 'awsvpc',
        containerDefinitions: [{ name: 'app', image, memory: 64, portMappings: [{ containerPort: 8080 }] }],
        ...more,
      }).taskDefinition.taskDefinitionArn;
    },
    createService(
      deploymentConfiguration: DeploymentConfiguration,
      more: Partial<CreateServiceRequest> = {},
    ): Service {
      return call('CreateService', serviceInput({ deploymentConfiguration, ...more })).service;
    },
    service(): Service {
      return call('DescribeServices', { cluster: 'main', services: ['web'] }).services[0];
    },
    deployment(arn = newest()): ServiceDeployment {
      return call('DescribeServiceDeployments', { serviceDeploymentArns: [arn] }).serviceDeployments[0];
    },
    tasks(desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING'): Task[] {
      const { taskArns } = call('ListTasks', { cluster: 'main', serviceName: 'web', desiredStatus });
      return taskArns.length ? call('DescribeTasks', { cluster: 'main', tasks: taskArns }).tasks : [];
    },
    events: () => (sandbox.service().events ?? []).map((event) => event.message ?? ''),
    /** The weights of the green and the blue target group in the production rule. */
    production: () => balancer.weights(PRODUCTION),
    /** The hook that waits for an answer. */
    pause: () =>
      sandbox.deployment().lifecycleHookDetails?.find((hook) => hook.status === 'AWAITING_ACTION') ?? null,
    answer(action: 'CONTINUE' | 'ROLLBACK') {
      call('ContinueServiceDeployment', {
        serviceDeploymentArn: newest(),
        hookId: sandbox.pause()?.hookId,
        action,
      });
    },
    /** Advances the time until `reached`; fails after one hour. */
    async until(reached: () => boolean, what = String(reached)): Promise<void> {
      for (let waited = 0; waited < 60 * MINUTE; waited += SECOND) {
        if (reached()) return;
        await clock.advance(SECOND);
      }
      throw new Error(`never happened: ${what}`);
    },
    stopDeployment: (stopType: 'ROLLBACK' | 'ABORT' = 'ROLLBACK') =>
      call('StopServiceDeployment', { serviceDeploymentArn: newest(), stopType }),
    deploy(taskDefinition: string) {
      call('UpdateService', { cluster: 'main', service: 'web', taskDefinition });
    },
    /** A service whose first deployment has completed. */
    async serving(
      deploymentConfiguration: DeploymentConfiguration,
      more: Partial<CreateServiceRequest> = {},
    ) {
      sandbox.createService(deploymentConfiguration, more);
      await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL', 'the first deployment');
    },
  };
  const newest = (): string =>
    call('ListServiceDeployments', { cluster: 'main', service: 'web' }).serviceDeployments[0]
      .serviceDeploymentArn;

  call('CreateCluster', { clusterName: 'main' });
  sandbox.register();
  return sandbox;
}

export function serviceInput(more: Partial<CreateServiceRequest> = {}): CreateServiceRequest {
  return {
    cluster: 'main',
    serviceName: 'web',
    taskDefinition: 'web:1',
    desiredCount: 2,
    loadBalancers: [loadBalancer()],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...more,
  };
}

export function loadBalancer() {
  return {
    targetGroupArn: BLUE,
    containerName: 'app',
    containerPort: 8080,
    advancedConfiguration: {
      alternateTargetGroupArn: GREEN,
      productionListenerRule: PRODUCTION,
      testListenerRule: TEST,
      roleArn: 'arn:aws:iam::123456789012:role/ecs',
    },
  };
}

/** A LINEAR configuration that waits before each step, as ecs-ramp uses it. */
export function paused(stepPercent: number, timeoutInMinutes = 5): DeploymentConfiguration {
  return {
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent, stepBakeTimeInMinutes: 0 },
    lifecycleHooks: [
      {
        targetType: 'PAUSE',
        lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes, action: 'ROLLBACK' },
      },
    ],
  };
}

const key = ({ id, port }: Target) => `${id}:${port}`;

function createBalancer(clock: VirtualClock) {
  const rules = new Map([
    [
      PRODUCTION,
      new Map([
        [BLUE, 100],
        [GREEN, 0],
      ]),
    ],
    [
      TEST,
      new Map([
        [BLUE, 100],
        [GREEN, 0],
      ]),
    ],
  ]);
  const groups = new Map<string, Map<string, Target & { state: TargetHealth['state'] }>>([
    [BLUE, new Map()],
    [GREEN, new Map()],
  ]);
  const sick = new Set<string>();
  const balancer: LoadBalancing & Record<string, unknown> = {
    rule(ruleArn) {
      const weights = rules.get(ruleArn);
      if (!weights) return null;
      return {
        ruleArn,
        listenerArn: 'arn:listener',
        loadBalancerArn: 'arn:load-balancer',
        targetGroups: [...weights].map(([targetGroupArn, weight]) => ({ targetGroupArn, weight })),
      };
    },
    targetGroup: (targetGroupArn) =>
      groups.has(targetGroupArn)
        ? {
            targetGroupArn,
            targetType: 'ip',
            loadBalancerArn: 'arn:load-balancer',
            deregistrationDelay: DRAINING,
          }
        : null,
    setWeights(ruleArn, weights) {
      const rule = rules.get(ruleArn);
      if (!rule) throw new AwsError('RuleNotFound', `Rule ${ruleArn} is gone`);
      for (const [group, weight] of weights) rule.set(group, weight);
    },
    addWeights: (ruleArn, weights) => balancer.setWeights(ruleArn, weights),
    register(targetGroupArn, target) {
      const group = groups.get(targetGroupArn);
      if (!group) throw new AwsError('TargetGroupNotFound', `${targetGroupArn} is gone`);
      group.set(key(target), { ...target, state: 'initial' });
      clock.after(2 * SECOND, () => {
        const known = groups.get(targetGroupArn)?.get(key(target));
        if (known?.state === 'initial') known.state = sick.has(target.id) ? 'unhealthy' : 'healthy';
      });
    },
    deregister(targetGroupArn, target) {
      const known = groups.get(targetGroupArn)?.get(key(target));
      if (known) known.state = 'draining';
      clock.after(DRAINING, () => groups.get(targetGroupArn)?.delete(key(target)));
    },
    health: (targetGroupArn) =>
      [...(groups.get(targetGroupArn)?.values() ?? [])].map((target) => ({ ...target, description: null })),
  };
  return Object.assign(balancer, {
    rules,
    groups,
    sick,
    weights: (ruleArn: string) => Object.fromEntries(rules.get(ruleArn) ?? []),
    setHealth(id: string, state: TargetHealth['state']) {
      for (const targets of groups.values())
        for (const target of targets.values()) if (target.id === id) target.state = state;
    },
  });
}

function createRunner(
  clock: VirtualClock,
  behaviourOf: (image: string) => Behaviour,
  balancer: { sick: Set<string> },
) {
  const running = new Map<string, { task: TaskToRun; reports: TaskReports }>();
  let addresses = 0;
  const end = (taskArn: string, exitCode: number) => {
    const known = running.get(taskArn);
    running.delete(taskArn);
    known?.reports.stopped({
      reason: 'Essential container in task exited',
      stopCode: 'EssentialContainerExited',
      containers: known.task.containers.map(({ name }) => ({ name, exitCode, reason: null })),
    });
  };
  const runner: TaskRunner = {
    start(task, reports) {
      const container = task.containers[0]!;
      const behaviour = behaviourOf(container.image);
      running.set(task.taskArn, { task, reports });
      clock.after(SECOND, () => {
        if (!running.has(task.taskArn)) return;
        if (behaviour === 'cannot-pull') {
          running.delete(task.taskArn);
          return reports.stopped({
            reason: `CannotPullContainerError: ${container.image}: not found`,
            stopCode: 'TaskFailedToStart',
            containers: [],
          });
        }
        const address = `10.0.0.${++addresses}`;
        if (behaviour === 'sick') balancer.sick.add(address);
        reports.pulled(container.name, `sha256:${container.image}`);
        reports.running({
          address,
          ports: [{ container: container.name, containerPort: 8080, hostPort: 8080 }],
        });
        if (behaviour === 'crashes') clock.after(SECOND, () => end(task.taskArn, 1));
      });
    },
    stop(taskArn) {
      clock.after(SECOND, () => end(taskArn, 143));
    },
    vanish: (taskArn) => void running.delete(taskArn),
    close: () => Promise.resolve(),
  };
  return Object.assign(runner, { running, crash: (taskArn: string) => end(taskArn, 1) });
}

import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type {
  DeploymentConfiguration,
  DeploymentLifecycleHookDetail,
  Service,
  ServiceDeployment,
  ServiceRevision,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { DescribeRulesCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { MINUTE, SECOND, sleep } from '../../../src/core/time/clock.ts';
import type { Clock, Milliseconds } from '../../../src/core/time/clock.ts';
import type { Aws } from '../aws.ts';
import type { Stack, StackParameters } from '../stack/stack.ts';

export interface StageOptions {
  readonly aws: Aws;
  readonly clock: Clock;
  readonly stack: Stack;
  readonly parameters: StackParameters;
  /** Sends a request to the load balancer; `null` in a simulation, where none listens. */
  readonly ask: ((path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>) | null;
  /** When aborted, the run ends at its next wait. */
  readonly signal?: AbortSignal;
}

export type Stage = ReturnType<typeof createStage>;

/** The stack's service with helpers for the stories. */
export function createStage(options: StageOptions) {
  const { aws, clock, stack, signal } = options;
  const cluster = stack['cluster']!;

  async function wait(delay: Milliseconds): Promise<void> {
    await sleep(clock, delay, signal);
    if (signal?.aborted) throw new Error('interrupted');
  }

  /** Calls `look` every second until it returns a value. */
  async function until<T>(
    what: string,
    look: () => Promise<T | null | false | undefined>,
    patience: Milliseconds = 15 * MINUTE,
  ): Promise<T> {
    for (const end = clock.now() + patience; ; await wait(SECOND)) {
      const found = await look();
      if (found !== null && found !== undefined && found !== false) return found;
      if (clock.now() > end) throw new Error(`not seen within ${patience / MINUTE} min: ${what}`);
    }
  }

  async function newest(service = 'web'): Promise<string> {
    const { serviceDeployments } = await aws.ecs.send(
      new ListServiceDeploymentsCommand({ cluster, service }),
    );
    const arn = serviceDeployments?.[0]?.serviceDeploymentArn;
    if (arn === undefined) throw new Error(`${service} has no service deployment`);
    return arn;
  }

  async function show(arn: string): Promise<ServiceDeployment> {
    const { serviceDeployments } = await aws.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    return serviceDeployments![0]!;
  }

  async function described(service = 'web'): Promise<Service> {
    const { services } = await aws.ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    return services![0]!;
  }

  async function update(input: Partial<UpdateServiceCommandInput>, service = 'web'): Promise<Service> {
    const answer = await aws.ecs.send(new UpdateServiceCommand({ cluster, service, ...input }));
    return answer.service!;
  }

  const stage = {
    ...options,
    cluster,
    wait,
    until,
    newest,
    show,
    described,
    update,

    /** Of the two working task definitions, the one that the service does not use now. */
    async next(): Promise<string> {
      const { taskDefinition } = await described();
      return taskDefinition === stack['goodTaskDefinition']
        ? stack['betterTaskDefinition']!
        : stack['goodTaskDefinition']!;
    },

    /** Starts a deployment of the other task definition. Returns the deployment's ARN. */
    async deploy(deploymentConfiguration: DeploymentConfiguration, taskDefinition?: string): Promise<string> {
      const before = await newest();
      await update({ taskDefinition: taskDefinition ?? (await stage.next()), deploymentConfiguration });
      return until('a new service deployment', async () => {
        const arn = await newest();
        return arn === before ? null : arn;
      });
    },

    /** Waits for the next pause, with a hook other than `after`. */
    pause: (arn: string, after?: string): Promise<Pause> =>
      until('a pause', async () => {
        const deployment = await show(arn);
        const hook = deployment.lifecycleHookDetails?.find(
          ({ status, hookId }) => status === 'AWAITING_ACTION' && hookId !== after,
        );
        if (!hook && isOver(deployment))
          throw new Error(`no pause: ${deployment.status}, ${deployment.statusReason}`);
        return hook && { deployment, hook, hookId: hook.hookId!, seenAt: clock.now() };
      }),

    answer: (serviceDeploymentArn: string, hookId: string, action: 'CONTINUE' | 'ROLLBACK') =>
      aws.ecs.send(new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action })),

    /** Continues `times` pauses. Returns the next one. */
    async continuePauses(arn: string, times: number): Promise<Pause> {
      let at = await stage.pause(arn);
      for (let step = 0; step < times; step += 1) {
        await stage.answer(arn, at.hookId, 'CONTINUE');
        at = await stage.pause(arn, at.hookId);
      }
      return at;
    },

    stop: (serviceDeploymentArn: string, stopType: 'ROLLBACK' | 'ABORT') =>
      aws.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType })),

    /** Waits until the deployment has ended. `onState` gets each state until then. */
    over: (
      arn: string,
      onState: (deployment: ServiceDeployment) => void | Promise<void> = () => {},
    ): Promise<ServiceDeployment> =>
      until(
        'the end of the deployment',
        async () => {
          const deployment = await show(arn);
          await onState(deployment);
          return isOver(deployment) ? deployment : null;
        },
        45 * MINUTE,
      ),

    /** Stops a deployment in progress, and waits for its end. */
    async rest(): Promise<void> {
      const arn = await newest();
      if (!isOver(await show(arn))) await stage.stop(arn, 'ROLLBACK').catch(() => {});
      await stage.over(arn);
    },

    async revision(arn: string): Promise<ServiceRevision> {
      const { serviceRevisions } = await aws.ecs.send(
        new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }),
      );
      return serviceRevisions![0]!;
    },

    /** The weights of the production rule, by target group. */
    async weights(rule = stack['80Rule']!): Promise<ReadonlyMap<string, number>> {
      const { Rules } = await aws.elb.send(new DescribeRulesCommand({ RuleArns: [rule] }));
      const groups = Rules![0]!.Actions!.find(({ Type }) => Type === 'forward')!.ForwardConfig!.TargetGroups!;
      return new Map(groups.map(({ TargetGroupArn, Weight = 0 }) => [TargetGroupArn!, Weight]));
    },

    /** The new revision's target group. */
    async newTargetGroupOf(deployment: ServiceDeployment): Promise<string> {
      const { resolvedConfiguration } = await stage.revision(deployment.targetServiceRevision!.arn!);
      return resolvedConfiguration!.loadBalancers![0]!.targetGroupArn!;
    },

    /** Share of the new revision on the production rule, in percent. */
    async share(deployment: ServiceDeployment): Promise<number> {
      const weights = await stage.weights();
      const all = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
      return (100 * weights.get(await stage.newTargetGroupOf(deployment))!) / all;
    },
  };
  return stage;
}

export interface Pause {
  readonly deployment: ServiceDeployment;
  readonly hook: DeploymentLifecycleHookDetail;
  readonly hookId: string;
  readonly seenAt: number;
}

const ENDS = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

export const isOver = ({ status }: ServiceDeployment): boolean => ENDS.has(status ?? '');

/** Timeout of a pause. */
const PAUSE_MINUTES = 5;

/** The action's configuration: LINEAR, with a pause before each step. */
export function linearSteps(
  stepPercent: number,
  more: Partial<DeploymentConfiguration> = {},
): DeploymentConfiguration {
  return {
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent, stepBakeTimeInMinutes: 0 },
    bakeTimeInMinutes: 0,
    lifecycleHooks: [
      {
        targetType: 'PAUSE',
        lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: PAUSE_MINUTES, action: 'ROLLBACK' },
      },
    ],
    ...more,
  };
}

linearSteps.timeout = PAUSE_MINUTES * MINUTE;

/** The error code of a refused call; `null` if it was accepted. */
export async function refusal(call: Promise<unknown>): Promise<string | null> {
  try {
    await call;
    return null;
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) return error.name;
    throw error;
  }
}

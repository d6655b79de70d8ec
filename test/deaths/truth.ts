import { ListTasksCommand, type DeploymentConfiguration, type Tag } from '@aws-sdk/client-ecs';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { shareOnRule } from '../../src/rollout/strategies/canary/listener-rule.ts';
import type { LiveSandbox } from '../support/live-sandbox.ts';
import { isDeploying, serviceNamed, type Lane } from './lane.ts';

/** How a service is, asked of its load balancer and of ECS behind the action's back. */
export interface GroundTruth {
  /** The releases that answer the users, as their pages say. */
  readonly answering: readonly string[];
  /** Percent of production traffic to one target group and to the other, in ascending order. */
  readonly shares: readonly (number | null)[];
  readonly runningTasks: number;
  readonly isDeploying: boolean;
  readonly taskDefinition: string;
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly tags: readonly Tag[];
}

/** A release with a hundredth of the traffic is missed one time in three: the shares tell of it. */
const REQUESTS = 100;

export async function truthOf(sandbox: LiveSandbox, { service, url }: Lane): Promise<GroundTruth> {
  // few connections at a time, and IPv4, whatever `localhost` may be: looking must not be what overloads a busy machine
  const agent = new Agent({ maxSockets: 10, family: 4 });
  const { elb } = sandbox.aws;
  const [described, tasks, deploying, answers] = await Promise.all([
    serviceNamed(sandbox, service),
    runningTasks(sandbox, service),
    isDeploying(sandbox, service),
    Promise.all(Array.from({ length: REQUESTS }, () => releaseAt(url, agent))),
  ]);
  agent.destroy();
  const { targetGroupArn, advancedConfiguration } = described.loadBalancers![0]!;
  const groups = [targetGroupArn!, advancedConfiguration!.alternateTargetGroupArn!];
  const rule = advancedConfiguration!.productionListenerRule!;
  const shares = await Promise.all(groups.map((group) => shareOnRule(elb, rule, group)));
  return {
    answering: [...new Set(answers)].sort(),
    shares: shares.toSorted((a, b) => Number(a) - Number(b)),
    runningTasks: tasks,
    isDeploying: deploying,
    taskDefinition: described.taskDefinition!,
    deploymentConfiguration: described.deploymentConfiguration!,
    tags: described.tags ?? [],
  };
}

export async function runningTasks({ aws }: LiveSandbox, service: string): Promise<number> {
  const { taskArns } = await aws.ecs.send(new ListTasksCommand({ cluster: 'shop', serviceName: service }));
  return taskArns?.length ?? 0;
}

/** Who answers is the question here, so that one connection that breaks is none yet. */
async function releaseAt(url: string, agent: Agent, triesLeft = 3): Promise<string> {
  try {
    const page = await new Promise<string>((resolve, reject) => {
      get(url, { agent }, (response) => resolve(text(response))).on('error', reject);
    });
    return /Release ([\w-]+)/.exec(page)?.[1] ?? page.trim();
  } catch (error) {
    if (triesLeft === 0) throw error;
    return releaseAt(url, agent, triesLeft - 1);
  }
}

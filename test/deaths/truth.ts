// Reads the state of a service from its load balancer and from ECS, independently of the action.
import { ListTasksCommand, type DeploymentConfiguration, type Tag } from '@aws-sdk/client-ecs';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { shareOnRule } from '../../src/rollout/strategies/canary/listener-rule.ts';
import type { LiveSandbox } from '../support/live-sandbox.ts';
import { isDeploying, serviceNamed, type Lane } from './lane.ts';

/** The state of a service. */
export interface GroundTruth {
  /** The release names in the answers to users. */
  readonly answering: readonly string[];
  /** Percent of production traffic of the two target groups, in ascending order. */
  readonly shares: readonly (number | null)[];
  readonly runningTasks: number;
  readonly isDeploying: boolean;
  readonly taskDefinition: string;
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly tags: readonly Tag[];
}

/** Misses a release with 1% of the traffic in one of three cases, but `shares` shows it. */
const REQUESTS = 100;

export async function truthOf(sandbox: LiveSandbox, { service, url }: Lane): Promise<GroundTruth> {
  // IPv4 and few connections, so that the requests do not overload a busy machine.
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

/** Retries, because a broken connection does not show which release answers. */
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

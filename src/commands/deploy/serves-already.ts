import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';

/** What a service serves with. */
export interface Serving {
  /** Null: the service names none. */
  readonly taskDefinitionArn: string | null;
  /** It runs that and nothing else, and no deployment is under way. */
  readonly settled: boolean;
  /** It has all its tasks. */
  readonly complete: boolean;
}

/** Pure. */
export function servingOf({ taskDefinition, deployments, ...counts }: Service): Serving {
  const [deployment, ...others] = deployments ?? [];
  return {
    taskDefinitionArn: taskDefinition ?? null,
    settled:
      others.length === 0 &&
      deployment?.taskDefinition === taskDefinition &&
      deployment?.rolloutState === 'COMPLETED',
    complete: (counts.runningCount ?? 0) >= (counts.desiredCount ?? 0),
  };
}

/** One read. Rejects with UserError. */
export async function readServing(ecs: ECSClient, service: ServiceFacts): Promise<Serving> {
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster: service.cluster, services: [service.name] }),
  );
  return servingOf(answer.services?.[0] ?? {});
}

/** Whether the service runs this task definition and nothing else, with all its tasks, and no deployment is under way. Pure. */
export function serves({ settled, complete, ...serving }: Serving, taskDefinitionArn: string): boolean {
  return settled && complete && serving.taskDefinitionArn === taskDefinitionArn;
}

/** The same, as it is now. */
export async function servesAlready(
  ecs: ECSClient,
  service: ServiceFacts,
  taskDefinitionArn: string,
): Promise<boolean> {
  return serves(await readServing(ecs, service), taskDefinitionArn);
}

import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';

/** What a service runs. */
export interface Serving {
  /** `null` if the service has no task definition. */
  readonly taskDefinitionArn: string | null;
  /** It runs only this task definition, and no deployment is in progress. */
  readonly settled: boolean;
  /** All desired tasks run. */
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

/** Makes one API call. Rejects with UserError. */
export async function readServing(ecs: ECSClient, service: ServiceFacts): Promise<Serving> {
  const answer = await ecs.send(
    new DescribeServicesCommand({ cluster: service.cluster, services: [service.name] }),
  );
  return servingOf(answer.services?.[0] ?? {});
}

/** Whether the service runs only this task definition, with all desired tasks. Pure. */
export function serves({ settled, complete, ...serving }: Serving, taskDefinitionArn: string): boolean {
  return settled && complete && serving.taskDefinitionArn === taskDefinitionArn;
}

/** Like `serves`, with the current state of the service. */
export async function servesAlready(
  ecs: ECSClient,
  service: ServiceFacts,
  taskDefinitionArn: string,
): Promise<boolean> {
  return serves(await readServing(ecs, service), taskDefinitionArn);
}

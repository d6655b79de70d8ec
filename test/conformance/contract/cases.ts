import { scalingCases } from './cases/auto-scaling.ts';
import { cloudWatchCases } from './cases/cloudwatch.ts';
import { ecrCases } from './cases/ecr.ts';
import { clusterCases } from './cases/ecs-clusters.ts';
import { serviceDeploymentCases } from './cases/ecs-service-deployments.ts';
import { serviceCases } from './cases/ecs-services.ts';
import { taskDefinitionCases } from './cases/ecs-task-definitions.ts';
import { balancerCases } from './cases/elbv2-balancers.ts';
import { ruleCases } from './cases/elbv2-rules.ts';
import { logsCases } from './cases/logs.ts';
import { stsCases } from './cases/sts.ts';
import type { ContractCase } from './contract.ts';

export const contractCases: readonly ContractCase[] = [
  ...stsCases,
  ...ecrCases,
  ...clusterCases,
  ...taskDefinitionCases,
  ...serviceCases,
  ...serviceDeploymentCases,
  ...balancerCases,
  ...ruleCases,
  ...cloudWatchCases,
  ...logsCases,
  ...scalingCases,
];

import type { Deployment, Service } from '@aws-sdk/client-ecs';
import { isUnderWay } from './outcome.ts';
import { activeRevisions, counts } from './service-revisions.ts';
import type { RevisionRecord, ServiceRecord } from './world.ts';

/** The result of DescribeServices without tags. */
export function serviceView(service: ServiceRecord): Service {
  const { primary, settings } = service;
  const { spec } = primary;
  const shown = service.status === 'INACTIVE' ? [] : shownRevisions(service);
  const sum = (count: 'running' | 'pending') =>
    shown.reduce((total, revision) => total + counts(revision)[count], 0);
  return {
    ...settings,
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: sum('running'),
    pendingCount: sum('pending'),
    launchType: spec.launchType,
    capacityProviderStrategy: spec.capacityProviderStrategy,
    platformVersion: spec.platformVersion,
    ...(spec.launchType === 'FARGATE' && { platformFamily: 'Linux' }),
    taskDefinition: spec.taskDefinition.arn,
    loadBalancers: [...spec.loadBalancers],
    serviceRegistries: spec.serviceRegistries ?? [],
    networkConfiguration: spec.networkConfiguration,
    deploymentConfiguration: service.configuration,
    deployments: shown.map((revision) => deploymentView(service, revision)),
    events: [...service.events],
    createdAt: service.createdAt,
    createdBy: service.createdBy,
    currentServiceDeployment: service.deployment?.arn,
    currentServiceRevisions: shown.map((revision) => {
      const { running, pending } = counts(revision);
      return {
        arn: revision.arn,
        requestedTaskCount: revision.requested,
        runningTaskCount: running,
        pendingTaskCount: pending,
      };
    }),
  };
}

/** The primary deployment first, then those that still have tasks, newest first. */
function shownRevisions(service: ServiceRecord): RevisionRecord[] {
  const others = activeRevisions(service).filter((revision) => revision !== service.primary);
  return [service.primary, ...others.toReversed()];
}

function deploymentView(service: ServiceRecord, revision: RevisionRecord): Deployment {
  const { running, pending } = counts(revision);
  const { spec } = revision;
  return {
    id: revision.deploymentId,
    status: revision === service.primary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: spec.taskDefinition.arn,
    desiredCount: revision.requested,
    runningCount: running,
    pendingCount: pending,
    failedTasks: revision.failedTasks,
    createdAt: revision.createdAt,
    updatedAt: revision.createdAt,
    launchType: spec.launchType,
    capacityProviderStrategy: spec.capacityProviderStrategy,
    platformVersion: spec.platformVersion,
    networkConfiguration: spec.networkConfiguration,
    serviceConnectConfiguration: spec.serviceConnectConfiguration,
    vpcLatticeConfigurations: spec.vpcLatticeConfigurations,
    ...rolloutState(service, revision),
  };
}

function rolloutState(
  { deployment, deployments }: ServiceRecord,
  revision: RevisionRecord,
): Pick<Deployment, 'rolloutState' | 'rolloutStateReason'> {
  const id = `ECS deployment ${revision.deploymentId}`;
  const own = deployments.findLast(({ target }) => target === revision);
  if (own && !isUnderWay(own) && own.status !== 'SUCCESSFUL') {
    return { rolloutState: 'FAILED', rolloutStateReason: own.statusReason ?? `${id} failed.` };
  }
  if (deployment && !isUnderWay(deployment) && deployment.source === revision) {
    return { rolloutState: 'IN_PROGRESS', rolloutStateReason: `${id} in progress.` };
  }
  return own && isUnderWay(own)
    ? { rolloutState: 'IN_PROGRESS', rolloutStateReason: `${id} in progress.` }
    : { rolloutState: 'COMPLETED', rolloutStateReason: `${id} completed.` };
}

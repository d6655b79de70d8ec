import type { DescribeServiceRevisionsRequest, ServiceRevision } from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import type { ResolvedTargetGroup, RevisionRecord, RevisionSpec, ServiceRecord, World } from './world.ts';

export function serviceRevisionOperations(world: World): Service['operations'] {
  return {
    DescribeServiceRevisions({ serviceRevisionArns = [] }: DescribeServiceRevisionsRequest) {
      if (serviceRevisionArns.length === 0 || serviceRevisionArns.length > 20) {
        throw new AwsError('InvalidParameterException', 'Specify between 1 and 20 service revision ARNs.');
      }
      const found = serviceRevisionArns.map((arn) => world.revisions.get(arn));
      return {
        serviceRevisions: found.filter((revision) => revision !== undefined).map(view),
        failures: serviceRevisionArns
          .filter((_, index) => found[index] === undefined)
          .map((arn) => ({ arn, reason: 'MISSING' })),
      };
    },
  };
}

/**
 * Creates a revision of `service`. `source` is the serving revision, whose target groups a traffic
 * shift must not use.
 */
export function createRevision(
  world: World,
  options: {
    service: ServiceRecord;
    spec: RevisionSpec;
    source: RevisionRecord | null;
    shiftsTraffic: boolean;
  },
): RevisionRecord {
  const { service, spec, source, shiftsTraffic } = options;
  const path = `${service.cluster.name}/${service.name}/${world.names.digits(19)}`;
  const revision: RevisionRecord = {
    arn: world.names.arn('service-revision', path),
    service,
    deploymentId: `ecs-svc/${world.names.digits(19)}`,
    createdAt: new Date(world.clock.now()),
    spec,
    targetGroups: spec.loadBalancers.map((entry) => resolveTargetGroup(entry, { source, shiftsTraffic })),
    requested: 0,
    tasks: new Set(),
    digests: new Map(),
    failedTasks: 0,
    failedRounds: 0,
    restartAt: 0,
  };
  world.revisions.set(revision.arn, revision);
  service.revisions.push(revision);
  return revision;
}

/**
 * A traffic shift uses the target group that the source does not use; a rolling update uses the
 * same one.
 */
function resolveTargetGroup(
  entry: RevisionSpec['loadBalancers'][number],
  context: { source: RevisionRecord | null; shiftsTraffic: boolean },
): ResolvedTargetGroup {
  const { targetGroupArn: first = '', containerName = '', containerPort = 0, advancedConfiguration } = entry;
  const second = advancedConfiguration?.alternateTargetGroupArn ?? null;
  const inUse = context.source?.targetGroups.find(
    (group) => group.targetGroupArn === first || group.targetGroupArn === second,
  )?.targetGroupArn;
  const useSecond = second !== null && inUse !== undefined && (inUse === second) !== context.shiftsTraffic;
  return {
    targetGroupArn: useSecond ? second : first,
    otherTargetGroupArn: useSecond ? first : second,
    productionListenerRule: advancedConfiguration?.productionListenerRule ?? null,
    testListenerRule: advancedConfiguration?.testListenerRule ?? null,
    containerName,
    containerPort,
  };
}

/** Every revision of the service that has or should have tasks. */
export function activeRevisions(service: ServiceRecord): RevisionRecord[] {
  return service.revisions.filter((revision) => revision.requested > 0 || revision.tasks.size > 0);
}

export function counts(revision: RevisionRecord): { running: number; pending: number; healthy: number } {
  const tasks = [...revision.tasks];
  return {
    running: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    pending: tasks.filter((task) => task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING')
      .length,
    healthy: tasks.filter((task) => task.healthy && task.desiredStatus === 'RUNNING').length,
  };
}

function view(revision: RevisionRecord): ServiceRevision {
  const { taskDefinition, loadBalancers, ...spec } = revision.spec;
  return {
    ...spec,
    serviceRevisionArn: revision.arn,
    serviceArn: revision.service.arn,
    clusterArn: revision.service.cluster.arn,
    taskDefinition: taskDefinition.arn,
    loadBalancers: [...loadBalancers],
    createdAt: revision.createdAt,
    guardDutyEnabled: false,
    containerImages: (taskDefinition.definition.containerDefinitions ?? []).map(({ name = '', image }) => ({
      containerName: name,
      image,
      imageDigest: revision.digests.get(name),
    })),
    resolvedConfiguration: {
      loadBalancers: revision.targetGroups.map(({ targetGroupArn, productionListenerRule }) => ({
        targetGroupArn,
        ...(productionListenerRule && { productionListenerRule }),
      })),
    },
  };
}

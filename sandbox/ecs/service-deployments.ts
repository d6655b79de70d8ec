import type {
  ContinueServiceDeploymentRequest,
  DescribeServiceDeploymentsRequest,
  ListServiceDeploymentsRequest,
  ServiceDeployment,
  ServiceRevisionSummary,
  StopServiceDeploymentRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import { firingAlarms } from './alarms.ts';
import { breakerThreshold, isTripped } from './circuit-breaker.ts';
import { expireHooks } from './hooks.ts';
import { ladderOf } from './ladder.ts';
import { isUnderWay, stop, turnBack } from './outcome.ts';
import { page } from './paging.ts';
import { activeRevisions, counts, createRevision } from './service-revisions.ts';
import { findService } from './find-service.ts';
import type { DeploymentRecord, RevisionRecord, RevisionSpec, ServiceRecord, Stage, World } from './world.ts';

const DESCRIBED_AT_ONCE = 20;

/**
 * Creates a revision of `spec` and a deployment to it, with the present deploymentConfiguration of
 * the service.
 */
export function startDeployment(world: World, service: ServiceRecord, spec: RevisionSpec): DeploymentRecord {
  if (service.deployment) stop(world, service.deployment, 'Superseded by a newer service deployment.');
  const { configuration, current: source } = service;
  const leftovers = activeRevisions(service).filter((revision) => revision !== source);
  const target = createRevision(world, {
    service,
    spec,
    source,
    shiftsTraffic: configuration.strategy !== 'ROLLING',
  });
  const now = new Date(world.clock.now());
  const deployment: DeploymentRecord = {
    arn: world.names.arn(
      'service-deployment',
      `${service.cluster.name}/${service.name}/${world.names.token(22)}`,
    ),
    service,
    source,
    target,
    configuration,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    stoppedAt: null,
    updatedAt: now,
    status: 'PENDING',
    statusReason: null,
    ladder: ladderOf(configuration, {
      reconcile: leftovers.length > 0,
      first: source === null,
      traffic: spec.loadBalancers.length > 0 || world.settings.trafficStagesWithoutBalancer === 'pass',
      postEachStep: world.settings.postProductionShift === 'each step',
    }),
    position: -1,
    stage: null,
    stageEnteredAt: now.getTime(),
    hooks: [],
    productionPercent: 0,
    testPercent: 0,
    trafficIsBack: false,
    rollback: null,
    ignoredAlarms: new Set(firingAlarms(world, configuration)),
    triggeredAlarms: [],
    failureCount: 0,
  };
  world.deployments.set(deployment.arn, deployment);
  service.deployments.push(deployment);
  service.deployment = deployment;
  service.primary = target;
  service.steady = false;
  return deployment;
}

export function serviceDeploymentOperations(world: World): Service['operations'] {
  return {
    ListServiceDeployments(input: ListServiceDeploymentsRequest) {
      const service = findService(world, input);
      const { status, createdAt: { after, before } = {} } = input;
      const found = service.deployments
        .filter((deployment) => !status?.length || status.includes(deployment.status))
        .filter(({ createdAt }) => (!after || createdAt >= after) && (!before || createdAt <= before))
        .toReversed();
      const { items, ...rest } = page(found, input);
      return {
        serviceDeployments: items.map((deployment) => ({
          serviceDeploymentArn: deployment.arn,
          serviceArn: service.arn,
          clusterArn: service.cluster.arn,
          createdAt: deployment.createdAt,
          startedAt: deployment.startedAt ?? undefined,
          finishedAt: deployment.finishedAt ?? undefined,
          targetServiceRevisionArn: deployment.target.arn,
          status: deployment.status,
          statusReason: deployment.statusReason ?? undefined,
        })),
        ...rest,
      };
    },

    DescribeServiceDeployments({ serviceDeploymentArns = [] }: DescribeServiceDeploymentsRequest) {
      if (serviceDeploymentArns.length === 0 || serviceDeploymentArns.length > DESCRIBED_AT_ONCE) {
        throw new AwsError(
          'InvalidParameterException',
          `Specify between 1 and ${DESCRIBED_AT_ONCE} service deployment ARNs.`,
        );
      }
      const found = serviceDeploymentArns.map((arn) => world.deployments.get(arn));
      return {
        serviceDeployments: found.filter((deployment) => deployment !== undefined).map(view),
        failures: serviceDeploymentArns
          .filter((_, index) => found[index] === undefined)
          .map((arn) => ({ arn, reason: 'MISSING' })),
      };
    },

    ContinueServiceDeployment(input: ContinueServiceDeploymentRequest) {
      const deployment = findDeployment(world, input.serviceDeploymentArn);
      const { action = 'CONTINUE' } = input;
      if (action !== 'CONTINUE' && action !== 'ROLLBACK') {
        throw new AwsError('InvalidParameterException', 'action must be CONTINUE or ROLLBACK.');
      }
      const hook = deployment.hooks.find(({ hookId }) => hookId === input.hookId);
      if (!hook) {
        throw new AwsError(
          'InvalidParameterException',
          'The lifecycle hook was not found in the service deployment.',
        );
      }
      // An answer after the timeout is too late, also before the reconciler has noticed the
      // timeout.
      const late = expireHooks(world, deployment);
      if (late) turnBack(world, deployment, `Lifecycle hook ${late.hookId ?? ''} timed out.`);
      if (hook.status !== 'AWAITING_ACTION') {
        throw new AwsError(
          'InvalidParameterException',
          `The lifecycle hook is not awaiting an action: it is ${hook.status ?? ''}.`,
        );
      }
      hook.status = action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED';
      if (action === 'ROLLBACK') {
        turnBack(world, deployment, `Rollback requested at lifecycle hook ${hook.hookId ?? ''}.`);
      }
      return { serviceDeploymentArn: deployment.arn };
    },

    StopServiceDeployment(input: StopServiceDeploymentRequest) {
      const deployment = findDeployment(world, input.serviceDeploymentArn);
      const { stopType = 'ROLLBACK' } = input;
      if (stopType !== 'ROLLBACK' && stopType !== 'ABORT') {
        throw new AwsError('InvalidParameterException', 'stopType must be ROLLBACK or ABORT.');
      }
      if (!isUnderWay(deployment)) {
        throw new AwsError(
          'ConflictException',
          `The service deployment cannot be stopped: it is ${deployment.status}.`,
        );
      }
      if (stopType === 'ABORT') stop(world, deployment, 'Service deployment stopped by the user.');
      else turnBack(world, deployment, 'Rollback requested by the user with StopServiceDeployment.');
      return { serviceDeploymentArn: deployment.arn };
    },
  };
}

function findDeployment(world: World, arn: string | undefined): DeploymentRecord {
  const deployment = world.deployments.get(arn ?? '');
  if (!deployment) {
    throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  }
  return deployment;
}

function view(
  deployment: DeploymentRecord,
): Omit<ServiceDeployment, 'lifecycleStage'> & { lifecycleStage: Stage | undefined } {
  const { service, target, source, configuration, rollback, status } = deployment;
  const { deploymentCircuitBreaker: breaker, alarms } = configuration;
  const watching = isUnderWay(deployment) ? 'MONITORING' : 'MONITORING_COMPLETE';
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: deployment.createdAt,
    startedAt: deployment.startedAt ?? undefined,
    finishedAt: deployment.finishedAt ?? undefined,
    stoppedAt: deployment.stoppedAt ?? undefined,
    updatedAt: deployment.updatedAt,
    status,
    statusReason: deployment.statusReason ?? undefined,
    lifecycleStage: deployment.stage ?? undefined,
    lifecycleHookDetails: deployment.hooks.map((hook) => ({ ...hook })),
    sourceServiceRevisions: source ? [summary(deployment, source)] : [],
    targetServiceRevision: summary(deployment, target),
    deploymentConfiguration: configuration,
    rollback: rollback
      ? { reason: rollback.reason, startedAt: rollback.startedAt, serviceRevisionArn: source?.arn }
      : undefined,
    deploymentCircuitBreaker: {
      status: !breaker.enable ? 'DISABLED' : isTripped(deployment) ? 'TRIGGERED' : watching,
      failureCount: deployment.failureCount,
      threshold: breakerThreshold(configuration, service.desiredCount),
    },
    alarms: {
      status: !alarms.enable ? 'DISABLED' : deployment.triggeredAlarms.length > 0 ? 'TRIGGERED' : watching,
      alarmNames: alarms.alarmNames,
      triggeredAlarmNames: deployment.triggeredAlarms,
    },
  };
}

function summary(deployment: DeploymentRecord, revision: RevisionRecord): ServiceRevisionSummary {
  const { running, pending } = counts(revision);
  const isTarget = revision === deployment.target;
  const share = (percent: number) => (isTarget ? percent : 100 - percent);
  return {
    arn: revision.arn,
    requestedTaskCount: revision.requested,
    runningTaskCount: running,
    pendingTaskCount: pending,
    ...(deployment.ladder.length > 0 && {
      requestedProductionTrafficWeight: share(deployment.productionPercent),
      requestedTestTrafficWeight: share(deployment.testPercent),
    }),
  };
}

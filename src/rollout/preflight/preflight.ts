import type { ECSClient, Service } from '@aws-sdk/client-ecs';
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from '../../aws/clients.ts';
import { present } from '../../aws/errors.ts';
import type { Request } from '../../core/request.ts';
import { leftTags } from '../traffic/leftover-tags.ts';
import { ownConfigurationOf } from '../traffic/saved-configuration.ts';
import { patienceOf } from '../strategies/paused/pause-hook.ts';
import type { Notice } from '../../core/trail/event.ts';
import type { Clock } from '../../core/time/clock.ts';
import { checkAlarms } from './alarms.ts';
import { blindSpotNotices } from './blind/read-blind-spots.ts';
import { expectedTimeNotice } from './expected-time-notice.ts';
import { unreadFacts } from './readable.ts';
import { checkRoom } from './room/check-room.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';
import { describeRevisions } from '../../aws/ecs/service-deployments.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { errorText, UserError } from '../../core/failure.ts';
import { readRules, readTargets, type TargetCounts } from '../../aws/elb/rules-and-targets.ts';
import { foreignTraffic, groupsOf, lostInWords, lostTraffic, productionRuleOf } from '../traffic/drift.ts';
import { hiddenTraffic } from '../traffic/hidden-traffic.ts';
import { strategyFor } from '../strategies/strategies.ts';

type PreflightRequest = Pick<Request, 'service' | 'cluster' | 'rollout'>;
type ReleaseRequest = PreflightRequest & Partial<Pick<Request, 'dryRun'>>;

interface PreflightPorts {
  readonly tell: (event: Notice) => void;
  readonly clock: Clock;
  /** The service with its tags, if it was just read. Default: it is read. */
  readonly service?: Service;
}

/**
 * Reads the facts about the service and its load balancer that the rollout needs. Changes nothing.
 * Rejects with UserError.
 */
export async function preflight(
  request: PreflightRequest,
  clients: Clients,
  ports: PreflightPorts,
): Promise<ServiceFacts> {
  const { facts, problems, remarks } = await inspect(request, clients, ports);
  if (problems.length > 0 || facts === null) throw new UserError(problems);
  tellAll(remarks, ports);
  return facts;
}

/**
 * The preflight of a rollout that has not started. It also refuses a service whose traffic reaches
 * no task: ECS would start the new tasks where that traffic goes, so users would meet them untested.
 * Rejects with UserError.
 */
export async function checkRelease(
  request: ReleaseRequest,
  clients: Clients,
  ports: PreflightPorts,
): Promise<ServiceFacts> {
  const { facts, service, rule, targets, problems, remarks } = await inspect(request, clients, ports);
  const [drifted, room] = await Promise.all([
    rule === undefined ? [] : trafficDrift({ service, rule, targets }, clients),
    checkRoom(clients, service, { rollout: request.rollout, clock: ports.clock }),
  ]);
  const all = [...drifted, ...problems, ...room.problems];
  if (all.length > 0 || facts === null) throw new UserError(all);
  const [expected, blind] = await Promise.all([
    expectedTimeNotice(request, facts, { clients, now: ports.clock.now() }),
    blindSpotNotices(facts, request.rollout.alarms, clients),
  ]);
  tellAll(remarks, ports);
  for (const notice of room.notices) ports.tell(notice);
  if (expected !== null) ports.tell(expected);
  for (const notice of blind) ports.tell(notice);
  return facts;
}

function tellAll(messages: readonly string[], { tell }: PreflightPorts): void {
  for (const message of messages) tell({ kind: 'notice', level: 'warning', message });
}

/** What the preflight found. */
interface Found {
  readonly service: Service;
  /** `null` if they could not be determined: `problems` says why. */
  readonly facts: ServiceFacts | null;
  /** The production listener rule, if the service has one that can be read. */
  readonly rule: Rule | undefined;
  readonly targets: ReadonlyMap<string, TargetCounts>;
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}

async function inspect(
  request: PreflightRequest,
  { ecs: connectEcs, elasticLoadBalancing, cloudWatch, acm }: Clients,
  { clock, service: found }: PreflightPorts,
): Promise<Found> {
  const [ecs, elb] = await Promise.all([connectEcs(), elasticLoadBalancing()]);
  const service = found ?? (await findService(ecs, request));
  const { rollout } = request;
  const strategy = strategyFor(rollout.strategy, service);
  const unreadTargets: string[] = [];
  const [inspected, gateway, targets] = await Promise.all([
    strategy.inspect(service, { elb, acm, rollout }),
    gatewayProblems(ecs, service),
    readTargets(elb, groupsOf(service), (error) => unreadTargets.push(errorText(error))),
  ]);
  const { routing, rule } = inspected;
  const problems = [...serviceProblems(service), ...inspected.problems, ...gateway];
  if (routing === null) return { service, facts: null, rule, targets, problems, remarks: [] };
  const facts = factsOf(service, { strategy: strategy.name, routing });
  const clients = { ecs, cloudWatch: await cloudWatch() };
  const [unread, alarms] = await Promise.all([
    unreadFacts(facts, clients, { now: clock.now(), metrics: rollout.metrics }),
    checkAlarms(clients.cloudWatch, rollout.alarms),
  ]);
  problems.push(...unreadTargets.slice(0, 1), ...unread, ...alarms.problems);
  const remarks = [...(inspected.remarks ?? []), ...alarms.remarks, ...unmeasured(service)];
  return { service, facts, rule, targets, problems, remarks };
}

/** Production traffic that reaches no task of the service, in words with the fix. */
async function trafficDrift(
  { service, rule, targets }: Pick<Found, 'service' | 'targets'> & { readonly rule: Rule },
  { elasticLoadBalancing }: Clients,
): Promise<string[]> {
  const arn = productionRuleOf(service);
  if (arn === null || driftIn(service, rule, targets).length === 0) return [];
  // ECS may have moved the traffic between the two reads.
  const again = (await readRules(await elasticLoadBalancing(), [arn])).get(arn);
  return driftIn(service, again ?? rule, targets);
}

function driftIn(service: Service, rule: Rule, targets: Found['targets']): string[] {
  const lost = lostTraffic(service, rule, targets);
  return [lost && lostInWords(lost, service), foreignTraffic(service, rule)].filter((each) => each !== null);
}

/**
 * A service behind an ECS Gateway looks like a worker: only its revisions name the gateway. What
 * cannot be read is reported by `unreadFacts`.
 */
async function gatewayProblems(ecs: ECSClient, service: Service): Promise<string[]> {
  if ((service.loadBalancers ?? []).length > 0) return [];
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  const revisions = await describeRevisions(ecs, arns).catch(() => []);
  if (!revisions.some(({ gatewayConnectors = [] }) => gatewayConnectors.length > 0)) return [];
  return [
    `service ${service.serviceName} receives requests through an ECS Gateway: ecs-ramp cannot move or measure them yet. Put the service behind a listener rule of an Application Load Balancer with two target groups, or deploy it with another tool.`,
  ];
}

/** What reaches the new revision without being measured, in words. Pure. */
function unmeasured(service: Service): string[] {
  if ((service.loadBalancers ?? []).length === 0) return [];
  return hiddenTraffic(service).map(
    (by) =>
      `service ${service.serviceName} also receives requests through ${by}. ecs-ramp does not measure them: a new revision that fails only these requests is not rolled back. Watch them with metrics or alarms.`,
  );
}

/** Combines the results. Pure. */
export function factsOf(
  service: Service,
  { strategy, routing }: Pick<ServiceFacts, 'strategy' | 'routing'>,
): ServiceFacts {
  return {
    name: present(service.serviceName, 'serviceName'),
    serviceArn: present(service.serviceArn, 'serviceArn'),
    cluster: present(service.clusterArn, 'clusterArn'),
    taskDefinitionArn: present(service.taskDefinition, 'taskDefinition'),
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    ...configurationOf(service),
    strategy,
    routing,
  };
}

function configurationOf(service: Service): Pick<ServiceFacts, 'deploymentConfiguration' | 'leftOver'> {
  const { deploymentConfiguration = {}, tags = [] } = service;
  return {
    deploymentConfiguration: ownConfigurationOf(service),
    leftOver: patienceOf(deploymentConfiguration) !== null || leftTags(tags).length > 0,
  };
}

function serviceProblems(service: Service): string[] {
  const problems: string[] = [];
  const name = `service ${service.serviceName}`;
  const controller = service.deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') {
    problems.push(
      `${name} is deployed by ${controller}: ecs-ramp requires the deployment controller ECS (UpdateService with deploymentController {"type":"ECS"} migrates it).`,
    );
  }
  if (service.schedulingStrategy === 'DAEMON') {
    problems.push(
      `${name} is a DAEMON service, which ECS cannot shift by percent: ecs-ramp requires REPLICA.`,
    );
  }
  if (service.resourceManagementType === 'ECS') {
    problems.push(
      `${name} is an Express service, whose load balancer belongs to ECS: ecs-ramp cannot move its traffic.`,
    );
  }
  if (service.desiredCount === 0) {
    problems.push(
      `${name} has a desired count of 0: there is nothing to compare a new revision with. Scale it up first.`,
    );
  }
  return problems;
}

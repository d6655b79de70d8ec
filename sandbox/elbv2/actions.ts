import type { Action, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { integer, invalid, required } from './parameters.ts';
import { findTargetGroup, loadBalancerUsing } from './world.ts';
import type { World } from './world.ts';

const MOST_GROUPS = 5;
const ROUTING = ['forward', 'redirect', 'fixed-response'];
/** Stored and described; the balancer does not authenticate anyone. */
const AUTHENTICATION: readonly string[] = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'];

/** Checks actions and adds AWS's defaults. */
export function parseActions(
  world: World,
  actions: readonly Action[] | undefined,
  loadBalancerArn: string,
): Action[] {
  const parsed = required(actions, 'actions')
    .toSorted((a, b) => (a.Order ?? Infinity) - (b.Order ?? Infinity))
    .map((action) => parseAction(world, action, loadBalancerArn));
  const routing = parsed.filter(({ Type }) => ROUTING.includes(Type!));
  if (routing.length !== 1 || routing[0] !== parsed.at(-1)) {
    throw new AwsError(
      'InvalidLoadBalancerAction',
      'The last action must be one of forward, redirect and fixed-response, and there must be only one of them',
    );
  }
  return parsed;
}

function parseAction(world: World, action: Action, loadBalancerArn: string): Action {
  const type = required(action.Type, 'actions.type');
  if (type === 'forward') return parseForward(world, action, loadBalancerArn);
  if (type === 'redirect') return parseRedirect(action);
  if (type === 'fixed-response') return parseFixedResponse(action);
  if (AUTHENTICATION.includes(type)) return action;
  throw invalid(`'${type as string}' is not an action: use ${[...ROUTING, ...AUTHENTICATION].join(', ')}`);
}

function parseForward(world: World, action: Action, loadBalancerArn: string): Action {
  const { TargetGroupArn, ForwardConfig } = action;
  const given: TargetGroupTuple[] =
    ForwardConfig?.TargetGroups ?? (TargetGroupArn ? [{ TargetGroupArn }] : []);
  const groups = required(given, 'actions.forwardConfig.targetGroups').map(
    ({ TargetGroupArn: arn, Weight = 1 }) => ({
      TargetGroupArn: required(arn, 'actions.forwardConfig.targetGroups.targetGroupArn'),
      Weight: integer(Weight, 'actions.forwardConfig.targetGroups.weight', [0, 999]),
    }),
  );
  if (groups.length > MOST_GROUPS) {
    throw invalid(`A forward action has at most '${MOST_GROUPS}' target groups, not '${groups.length}'`);
  }
  if (new Set(groups.map((group) => group.TargetGroupArn)).size < groups.length) {
    throw invalid('The target groups of a forward action must be unique');
  }
  if (TargetGroupArn && (groups.length > 1 || groups[0]!.TargetGroupArn !== TargetGroupArn)) {
    throw invalid("'actions.targetGroupArn' and 'actions.forwardConfig' name different target groups");
  }
  for (const group of groups) checkFree(world, group.TargetGroupArn, loadBalancerArn);

  const { Enabled = false, DurationSeconds } = ForwardConfig?.TargetGroupStickinessConfig ?? {};
  if (Enabled || DurationSeconds !== undefined) {
    integer(
      DurationSeconds ?? NaN,
      'actions.forwardConfig.targetGroupStickinessConfig.durationSeconds',
      [1, 604_800],
    );
  }
  return {
    ...action,
    ...(groups.length === 1 && { TargetGroupArn: groups[0]!.TargetGroupArn }),
    ForwardConfig: { TargetGroups: groups, TargetGroupStickinessConfig: { Enabled, DurationSeconds } },
  };
}

function checkFree(world: World, targetGroupArn: string, loadBalancerArn: string): void {
  findTargetGroup(world, targetGroupArn);
  const user = loadBalancerUsing(world, targetGroupArn);
  if (user !== null && user !== loadBalancerArn) {
    throw new AwsError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${targetGroupArn}`,
    );
  }
}

/** The placeholders for the values of the request. */
const KEPT = {
  Protocol: '#{protocol}',
  Port: '#{port}',
  Host: '#{host}',
  Path: '/#{path}',
  Query: '#{query}',
} as const;

function parseRedirect(action: Action): Action {
  const { StatusCode, ...change } = required(action.RedirectConfig, 'actions.redirectConfig');
  if (StatusCode !== 'HTTP_301' && StatusCode !== 'HTTP_302') {
    throw invalid("'actions.redirectConfig.statusCode' must be HTTP_301 or HTTP_302");
  }
  const { Protocol, Port, Host, Path, Query } = { ...KEPT, ...change };
  const kept =
    Protocol === KEPT.Protocol &&
    Port === KEPT.Port &&
    Host === KEPT.Host &&
    Path === KEPT.Path &&
    Query === KEPT.Query;
  if (kept) {
    throw new AwsError(
      'InvalidLoadBalancerAction',
      'The redirect configuration is not valid because it creates a loop.',
    );
  }
  return { ...action, RedirectConfig: { StatusCode, Protocol, Port, Host, Path, Query } };
}

const CONTENT_TYPES: readonly string[] = [
  'text/html',
  'application/json',
  'application/javascript',
  'text/css',
  'text/plain',
];

function parseFixedResponse(action: Action): Action {
  const config = required(action.FixedResponseConfig, 'actions.fixedResponseConfig');
  const status = required(config.StatusCode, 'actions.fixedResponseConfig.statusCode');
  if (!/^[245]\d\d$/.test(status)) {
    throw invalid(`'actions.fixedResponseConfig.statusCode' must be 2XX, 4XX or 5XX, not '${status}'`);
  }
  if (config.ContentType !== undefined && !CONTENT_TYPES.includes(config.ContentType)) {
    const types = CONTENT_TYPES.map((type) => `'${type}'`).join(', ');
    throw new AwsError('InvalidLoadBalancerAction', `The ContentType must be one of:${types}`);
  }
  if ((config.MessageBody?.length ?? 0) > 1_024) {
    throw invalid("'actions.fixedResponseConfig.messageBody' must have at most 1024 characters");
  }
  return { ...action, FixedResponseConfig: { ContentType: 'text/plain', ...config } };
}

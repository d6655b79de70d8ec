import type { Action, RedirectActionConfig } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SECOND } from '../../src/core/time/clock.ts';
import type { ForwardAction, ListenerRouting, RuleRouting } from '../ports.ts';
import { routeCondition } from './conditions.ts';
import { rulesOf } from './world.ts';
import type { TargetGroupRecord, World } from './world.ts';

/** The present routing for the data plane. */
export function routingOf(world: World): ListenerRouting[] {
  return [...world.listeners.values()].map((listener) => ({
    listenerArn: listener.arn,
    loadBalancerArn: listener.loadBalancerArn,
    port: listener.port,
    ...(listener.secure && {
      certificates: listener.secure.certificates.map((arn) => world.certificates.find(arn)!),
    }),
    idleTimeout: seconds(
      world.loadBalancers.get(listener.loadBalancerArn)!.attributes,
      'idle_timeout.timeout_seconds',
    ),
    rules: rulesOf(world, listener.arn).map((rule) => ({
      ruleArn: rule.arn,
      conditions: rule.conditions.map(routeCondition),
      action: routeAction(world, rule.serving.at(-1)!),
    })),
  }));
}

function routeAction(world: World, action: Action): RuleRouting['action'] {
  const { FixedResponseConfig: fixed, RedirectConfig: redirect, ForwardConfig: forward } = action;
  if (fixed) {
    return {
      kind: 'fixed-response',
      status: Number(fixed.StatusCode),
      contentType: fixed.ContentType!,
      body: fixed.MessageBody ?? '',
    };
  }
  if (redirect) {
    return {
      kind: 'redirect',
      status: Number(redirect.StatusCode!.slice('HTTP_'.length)),
      location: locationOf(redirect),
    };
  }
  const stickiness = forward!.TargetGroupStickinessConfig;
  return {
    kind: 'forward',
    // A group may have been deleted during a change.
    groups: forward!.TargetGroups!.flatMap(({ TargetGroupArn, Weight }) => {
      const group = world.targetGroups.get(TargetGroupArn!);
      return group ? [routeGroup(group, Weight!)] : [];
    }),
    groupStickiness: stickiness?.Enabled ? stickiness.DurationSeconds! * SECOND : null,
  };
}

function routeGroup(
  { arn, targets, attributes }: TargetGroupRecord,
  weight: number,
): ForwardAction['groups'][number] {
  const registered = [...targets.values()].filter(({ state }) => state !== 'draining');
  const healthy = registered.filter(({ state }) => state === 'healthy');
  return {
    targetGroupArn: arn,
    weight,
    targets: (healthy.length > 0 ? healthy : registered).map(({ id, port }) => ({ id, port })),
    targetStickiness:
      attributes.get('stickiness.enabled') === 'true'
        ? seconds(attributes, 'stickiness.lb_cookie.duration_seconds')
        : null,
  };
}

function locationOf({ Protocol, Host, Port, Path, Query }: RedirectActionConfig): string {
  return `${Protocol!.toLowerCase()}://${Host}:${Port}${Path}?${Query}`;
}

export function seconds(attributes: ReadonlyMap<string, string>, key: string): number {
  return Number(attributes.get(key)) * SECOND;
}

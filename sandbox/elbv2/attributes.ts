import { invalid, required } from './parameters.ts';

/** The attributes of AWS with their defaults. All values are strings. */
interface Attribute {
  readonly Key?: string;
  readonly Value?: string;
}

const loadBalancerDefaults: Readonly<Record<string, string>> = {
  'access_logs.s3.enabled': 'false',
  'access_logs.s3.bucket': '',
  'access_logs.s3.prefix': '',
  'client_keep_alive.seconds': '3600',
  'connection_logs.s3.enabled': 'false',
  'connection_logs.s3.bucket': '',
  'connection_logs.s3.prefix': '',
  'deletion_protection.enabled': 'false',
  'idle_timeout.timeout_seconds': '60',
  'load_balancing.cross_zone.enabled': 'true',
  'routing.http.desync_mitigation_mode': 'defensive',
  'routing.http.drop_invalid_header_fields.enabled': 'false',
  'routing.http.preserve_host_header.enabled': 'false',
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
  'routing.http.xff_client_port.enabled': 'false',
  'routing.http.xff_header_processing.mode': 'append',
  'routing.http2.enabled': 'true',
  'waf.fail_open.enabled': 'false',
  'zonal_shift.config.enabled': 'false',
};

const targetGroupDefaults: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '300',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'slow_start.duration_seconds': '0',
  'stickiness.enabled': 'false',
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'stickiness.app_cookie.cookie_name': '',
  'stickiness.app_cookie.duration_seconds': '86400',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
};

const ranges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'client_keep_alive.seconds': [60, 604_800],
  'deregistration_delay.timeout_seconds': [0, 3_600],
  'idle_timeout.timeout_seconds': [1, 4_000],
  'slow_start.duration_seconds': [30, 900],
  'stickiness.lb_cookie.duration_seconds': [1, 604_800],
  'stickiness.app_cookie.duration_seconds': [1, 604_800],
};

/** Attributes that 0 turns off. */
const optional = new Set(['slow_start.duration_seconds']);

const choices: Readonly<Record<string, readonly string[]>> = {
  'load_balancing.algorithm.anomaly_mitigation': ['on', 'off'],
  'load_balancing.algorithm.type': ['round_robin', 'least_outstanding_requests', 'weighted_random'],
  'routing.http.desync_mitigation_mode': ['monitor', 'defensive', 'strictest'],
  'routing.http.xff_header_processing.mode': ['append', 'preserve', 'remove'],
  'stickiness.type': ['lb_cookie', 'app_cookie'],
};

export const newLoadBalancerAttributes = () => new Map(Object.entries(loadBalancerDefaults));
export const newTargetGroupAttributes = () => new Map(Object.entries(targetGroupDefaults));

export function describeAttributes(attributes: ReadonlyMap<string, string>): Attribute[] {
  return [...attributes].map(([Key, Value]) => ({ Key, Value }));
}

/** Changes all attributes or none. @param kind "Load balancer", "Target group" */
export function modifyAttributes(
  attributes: Map<string, string>,
  changes: readonly Attribute[] | undefined,
  kind: string,
): void {
  const checked = required(changes, 'attributes').map(({ Key, Value = '' }): [string, string] => {
    const key = required(Key, 'attributes.key');
    if (!attributes.has(key)) throw invalid(`${kind} attribute key '${key}' is not recognized`);
    checkValue(key, Value, attributes.get(key)!, kind);
    return [key, Value];
  });
  for (const [key, value] of checked) attributes.set(key, value);
}

function checkValue(key: string, value: string, before: string, kind: string): void {
  const refuse = (allowed: string) =>
    invalid(`${kind} attribute '${key}' must be ${allowed}, not '${value}'`);
  if (/^(true|false)$/.test(before) && !/^(true|false)$/.test(value)) throw refuse("'true' or 'false'");
  const allowed = choices[key];
  if (allowed && !allowed.includes(value)) throw refuse(`one of [${allowed.join(', ')}]`);
  const range = ranges[key];
  if (!range || (optional.has(key) && value === '0')) return;
  const [least, most] = range;
  const fits = /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
  if (!fits) throw refuse(`a whole number from ${least} to ${most}`);
}

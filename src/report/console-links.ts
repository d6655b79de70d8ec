import { nameOfArn, parseArn } from '../core/arn.ts';

/**
 * URLs of AWS console pages. `null` if the argument is not a valid name or ARN, or if the console
 * of its partition is not known.
 */

export function serviceUrl(serviceArn: string): string | null {
  return inClusterUrl(serviceArn, 'services', 'health');
}

/** The list of the service's deployments. */
export function serviceDeploymentsUrl(arnOfServiceOrDeployment: string): string | null {
  return inClusterUrl(arnOfServiceOrDeployment, 'services', 'deployments');
}

export function clusterUrl({ region, cluster }: { region: string; cluster: string }): string | null {
  return ecsUrl(region, ['clusters', nameOfArn(cluster), 'services']);
}

export function taskUrl(taskArn: string): string | null {
  return inClusterUrl(taskArn, 'tasks', 'configuration');
}

export function taskDefinitionUrl(taskDefinitionArn: string): string | null {
  const arn = parseArn(taskDefinitionArn);
  const [family, revision] = nameOfArn(taskDefinitionArn).split(':');
  return arn && family && revision
    ? ecsUrl(arn.region, ['task-definitions', family, revision, 'containers'])
    : null;
}

export function targetGroupUrl(targetGroupArn: string): string | null {
  return ec2Url(targetGroupArn, 'TargetGroup:targetGroupArn');
}

/** The URL of a listener rule, or of a listener if `ruleArn` is its ARN (its default rule). */
export function listenerRuleUrl(ruleArn: string): string | null {
  const page = parseArn(ruleArn)?.resource.startsWith('listener/')
    ? 'ELBListenerV2:listenerArn'
    : 'ListenerRuleDetails:ruleArn';
  return ec2Url(ruleArn, page);
}

/** The URL of a log group, or of one of its streams. */
export function logsUrl(log: { region: string; group: string; stream?: string | undefined }): string | null {
  const host = consoleHost(log.region);
  if (host === null) return null;
  const stream = log.stream === undefined ? '' : `/log-events/${encodeTwice(log.stream)}`;
  return `https://${host}/cloudwatch/home?region=${log.region}#logsV2:log-groups/log-group/${encodeTwice(log.group)}${stream}`;
}

/** The registry's host may be that of FIPS or of IPv6. */
const ECR_IMAGE =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)\/([^@:]+)@(sha256:[0-9a-f]+)$/u;

/**
 * The URL of an image in ECR. `reference` contains the digest:
 * `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:...`.
 */
export function imageUrl(reference: string): string | null {
  const match = ECR_IMAGE.exec(reference);
  const [, account, region = '', repository, digest] = match ?? [];
  const host = consoleHost(region);
  if (host === null) return null;
  return `https://${host}/ecr/repositories/private/${account}/${repository}/_/image/${digest}/details?region=${region}`;
}

/** The page `tab` of a service or a task, by its ARN: `arn:...:service/CLUSTER/NAME`. */
function inClusterUrl(text: string, kind: 'services' | 'tasks', tab: string): string | null {
  const arn = parseArn(text);
  const [, cluster, name] = arn?.resource.split('/') ?? [];
  return arn && cluster && name ? ecsUrl(arn.region, ['clusters', cluster, kind, name, tab]) : null;
}

function ecsUrl(region: string, path: readonly string[]): string | null {
  const host = consoleHost(region);
  return host && `https://${host}/ecs/v2/${path.map(encodeURIComponent).join('/')}?region=${region}`;
}

function ec2Url(text: string, page: string): string | null {
  const arn = parseArn(text);
  const host = arn && consoleHost(arn.region);
  return arn && host && `https://${host}/ec2/home?region=${arn.region}#${page}=${text}`;
}

/** The console decodes the fragment of its log pages twice and requires $ for the percent sign. */
function encodeTwice(name: string): string {
  return encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');
}

/** Derived from the region, because the region is known before any ARN is. */
function consoleHost(region: string): string | null {
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/u.test(region) || region.includes('-iso')) return null;
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}

import { nameOfArn, parseArn } from '../core/arn.ts';

/** Pages of the AWS console. Null: what was given does not name a thing in a partition whose console is known. */

export function serviceUrl(serviceArn: string): string | null {
  const arn = parseArn(serviceArn);
  const [, cluster, service] = arn?.resource.split('/') ?? [];
  return arn && cluster && service
    ? ecsUrl(arn.region, ['clusters', cluster, 'services', service, 'health'])
    : null;
}

/** The service's deployments: the console lists them, newest first. */
export function serviceDeploymentsUrl(arnOfServiceOrDeployment: string): string | null {
  const arn = parseArn(arnOfServiceOrDeployment);
  const [, cluster, service] = arn?.resource.split('/') ?? [];
  return arn && cluster && service
    ? ecsUrl(arn.region, ['clusters', cluster, 'services', service, 'deployments'])
    : null;
}

export function clusterUrl({ region, cluster }: { region: string; cluster: string }): string | null {
  return ecsUrl(region, ['clusters', nameOfArn(cluster), 'services']);
}

export function taskUrl(taskArn: string): string | null {
  const arn = parseArn(taskArn);
  const [, cluster, task] = arn?.resource.split('/') ?? [];
  return arn && cluster && task
    ? ecsUrl(arn.region, ['clusters', cluster, 'tasks', task, 'configuration'])
    : null;
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

/** Of a listener rule, or of a listener where its default rule is meant. */
export function listenerRuleUrl(ruleArn: string): string | null {
  const page = parseArn(ruleArn)?.resource.startsWith('listener/')
    ? 'ELBListenerV2:listenerArn'
    : 'ListenerRuleDetails:ruleArn';
  return ec2Url(ruleArn, page);
}

/** A log group, or one stream of it. */
export function logsUrl(log: { region: string; group: string; stream?: string | undefined }): string | null {
  const host = consoleHost(log.region);
  if (host === null) return null;
  const stream = log.stream === undefined ? '' : `/log-events/${encodeTwice(log.stream)}`;
  return `https://${host}/cloudwatch/home?region=${log.region}#logsV2:log-groups/log-group/${encodeTwice(log.group)}${stream}`;
}

/** Of an image in ECR, by digest: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:...`. */
export function imageUrl(reference: string): string | null {
  const match =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^@:]+)@(sha256:[0-9a-f]+)$/u.exec(
      reference,
    );
  const [, account, region = '', repository, digest] = match ?? [];
  const host = consoleHost(region);
  if (host === null) return null;
  return `https://${host}/ecr/repositories/private/${account}/${repository}/_/image/${digest}/details?region=${region}`;
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

/** The console decodes the fragment of its log pages twice and wants $ for the percent sign. */
function encodeTwice(name: string): string {
  return encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');
}

/** By region, since that is known before the first ARN is. */
function consoleHost(region: string): string | null {
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/u.test(region) || region.includes('-iso')) return null;
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}

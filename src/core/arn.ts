export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the account: `service/shop/web`. */
  readonly resource: string;
}

/** `null` when the text is not an ARN. */
export function parseArn(text: string): Arn | null {
  const [arn, partition, service, region, account, ...resource] = text.split(':');
  if (arn !== 'arn' || !partition || !service || region === undefined || account === undefined) return null;
  return { partition, service, region, account, resource: resource.join(':') };
}

/**
 * The short name of a resource: `web:41` for a task definition, `web-blue` for a target group, the
 * id of a task or service deployment. Text that is not an ARN is returned unchanged.
 */
export function nameOfArn(text: string): string {
  const arn = parseArn(text);
  if (arn === null) return text;
  const [type, ...path] = arn.resource.split('/');
  switch (type) {
    case 'targetgroup':
      return path[0] ?? text;
    case 'loadbalancer':
      return path[1] ?? text;
    case 'listener':
    case 'listener-rule':
      return `${path[1] ?? ''}/${path.at(-1) ?? ''}`;
    default:
      return path.at(-1) ?? arn.resource;
  }
}

/** A text of AWS with the short names of resources instead of their ARNs. */
export function withNames(text: string): string {
  return text.replaceAll(/\barn:aws[\w-]*:[^\s,;()[\]"']+/g, nameOfArn);
}

/**
 * Family and revision of a task definition, by its ARN or name: `shop-web` and 41 for
 * `arn:...:task-definition/shop-web:41`. The revision is NaN when there is none.
 */
export function taskDefinitionParts(arnOrName: string): {
  readonly family: string;
  readonly revision: number;
} {
  const [family = '', revision] = nameOfArn(arnOrName).split(':');
  return { family, revision: Number(revision) };
}

/**
 * Whether the host of a registry is Amazon ECR: `123456789012.dkr.ecr.eu-west-1.amazonaws.com`, in
 * any partition, with or without FIPS.
 */
export function isEcrHost(host: string): boolean {
  return /\.dkr[.-]ecr[.-]/.test(host);
}

/**
 * ARNs and ids in ECS's format. Ids are derived from the given random source, so that simulations
 * are repeatable.
 */
export interface Names {
  arn(kind: ResourceKind, path: string): string;
  /** 32 hexadecimal digits: the id of a task. */
  hex(length: number): string;
  /** 22 characters: the id of a service deployment. */
  token(length: number): string;
  /** 19 digits: ecs-svc/1234567890123456789, and the id of a service revision. */
  digits(length: number): string;
  uuid(): string;
}

export type ResourceKind =
  | 'cluster'
  | 'service'
  | 'task'
  | 'task-definition'
  | 'service-deployment'
  | 'service-revision'
  | 'capacity-provider'
  | 'container'
  | 'container-instance';

export function createNames(options: { account: string; region: string; random: () => number }): Names {
  const { account, region, random } = options;
  const pick = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const hex = (length: number) => pick('0123456789abcdef', length);
  return {
    arn: (kind, path) => `arn:aws:ecs:${region}:${account}:${kind}/${path}`,
    hex,
    token: (length) => pick('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', length),
    digits: (length) => pick('123456789', 1) + pick('0123456789', length - 1),
    uuid: () => [8, 4, 4, 4, 12].map(hex).join('-'),
  };
}

/** The last part of an ARN or a path; a plain name is returned unchanged. */
export function lastPart(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}

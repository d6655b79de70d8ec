/** ARNs and ids as ECS makes them. Ids come from the given source of randomness, so a simulation can repeat them. */
export interface Names {
  arn(kind: ResourceKind, path: string): string;
  /** 32 hexadecimal digits: a task's id. */
  hex(length: number): string;
  /** 22 characters: a service deployment's id. */
  token(length: number): string;
  /** 19 digits: ecs-svc/1234567890123456789 and a service revision's id. */
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

/** The last part of an ARN or of a path; a plain name is itself. */
export function lastPart(arnOrName: string): string {
  return arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
}

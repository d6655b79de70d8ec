import type { ContainerDefinition, KeyValuePair, Secret } from '@aws-sdk/client-ecs';

export interface ContainerSettings {
  readonly image: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Name to `valueFrom`. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Sets image, variables and secrets of a container and keeps everything else. ECS does not allow a
 * name to be both a variable and a secret: the given setting replaces the present one.
 */
export function withContainerSettings(
  container: ContainerDefinition,
  { image, environmentVariables, secrets }: ContainerSettings,
): ContainerDefinition {
  const environment = merged<KeyValuePair>(container.environment, {
    given: entriesOf(environmentVariables, (name, value) => ({ name, value })),
    displacedBy: secrets,
  });
  const references = merged<Secret>(container.secrets, {
    given: entriesOf(secrets, (name, valueFrom) => ({ name, valueFrom })),
    displacedBy: environmentVariables,
  });
  return {
    ...container,
    image,
    ...(environment && { environment }),
    ...(references && { secrets: references }),
  };
}

function entriesOf<T>(given: Readonly<Record<string, string>>, entry: (name: string, value: string) => T) {
  return new Map(Object.entries(given).map(([name, value]) => [name, entry(name, value)]));
}

/**
 * Replaces entries in place and appends new ones; undefined when both lists are absent or empty.
 */
function merged<T extends { name?: string | undefined }>(
  present: readonly T[] | undefined,
  { given, displacedBy }: { readonly given: ReadonlyMap<string, T>; readonly displacedBy: object },
): T[] | undefined {
  if (present === undefined && given.size === 0) return undefined;
  const kept = (present ?? []).filter(({ name }) => !Object.hasOwn(displacedBy, name ?? ''));
  const names = new Set(kept.map(({ name }) => name));
  return [
    ...kept.map((entry) => given.get(entry.name ?? '') ?? entry),
    ...[...given].filter(([name]) => !names.has(name)).map(([, entry]) => entry),
  ];
}

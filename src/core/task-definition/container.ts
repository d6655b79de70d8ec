import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { didYouMean } from '../did-you-mean.ts';
import { InvalidTaskDefinition } from './invalid.ts';

/** The container with that name, or the only container when the name is null. */
export function containerNamed(
  { containerDefinitions = [] }: TaskDefinition,
  name: string | null,
): ContainerDefinition & { readonly name: string } {
  const names = containerDefinitions.map((container) => container.name ?? '');
  if (name === null && names.length !== 1) {
    throw new InvalidTaskDefinition(
      `the task definition has ${names.length} containers`,
      `set container-name to the one that gets the image: ${names.join(', ')}`,
    );
  }
  const wanted = name ?? names[0] ?? '';
  const container = containerDefinitions.find((container) => container.name === wanted);
  if (container === undefined) {
    throw new InvalidTaskDefinition(
      `the task definition has no container "${wanted}"`,
      `${didYouMean(wanted, names)}It has ${names.join(', ')}`,
    );
  }
  return { ...container, name: wanted };
}

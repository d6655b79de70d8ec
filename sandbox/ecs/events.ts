import type { ServiceRecord, TaskRecord, World } from './world.ts';

const KEPT = 100;

/**
 * Adds a service event, `(service web) ...`, newest first as on AWS. Does not repeat the newest
 * one.
 */
export function tell(world: World, service: ServiceRecord, text: string): void {
  if (service.events[0]?.message === messageOf(service, text)) return;
  record(world, service, text);
}

const messageOf = (service: ServiceRecord, text: string) => `(service ${service.name}) ${text}`;

function record(world: World, service: ServiceRecord, text: string): void {
  const message = messageOf(service, text);
  service.events.unshift({ id: world.names.uuid(), createdAt: new Date(world.clock.now()), message });
  service.events.length = Math.min(service.events.length, KEPT);
}

/**
 * The same for why a task could not be placed. ECS omits duplicates until the cause is resolved, or
 * for six hours.
 */
export function tellNotPlaced(world: World, service: ServiceRecord, text: string): void {
  const { clock, settings } = world;
  const told = service.placementFailures.get(text);
  if (told !== undefined && clock.now() - told < settings.placementFailureRepeated) return;
  service.placementFailures.set(text, clock.now());
  record(world, service, text);
}

/** `(task 1234) (task 5678)` */
export function taskList(tasks: readonly TaskRecord[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(' ');
}

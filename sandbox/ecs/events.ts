import type { ServiceRecord, TaskRecord, World } from './world.ts';

const KEPT = 100;

/**
 * Adds a service event, `(service web) ...`, newest first as on AWS. Does not repeat the newest
 * one.
 */
export function tell(world: World, service: ServiceRecord, text: string): void {
  const message = `(service ${service.name}) ${text}`;
  if (service.events[0]?.message === message) return;
  service.events.unshift({ id: world.names.uuid(), createdAt: new Date(world.clock.now()), message });
  service.events.length = Math.min(service.events.length, KEPT);
}

/** `(task 1234) (task 5678)` */
export function taskList(tasks: readonly TaskRecord[]): string {
  return tasks.map((task) => `(task ${task.id})`).join(' ');
}

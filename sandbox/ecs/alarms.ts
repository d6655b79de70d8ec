import { fail } from './outcome.ts';
import type { CompleteConfiguration } from './deployment-configuration.ts';
import type { DeploymentRecord, World } from './world.ts';

/** The alarms of a deployment that are in ALARM now. */
export function firingAlarms(world: World, { alarms }: CompleteConfiguration): string[] {
  if (!alarms.enable) return [];
  return (alarms.alarmNames ?? []).filter((name) => world.alarms.state(name) === 'ALARM');
}

/** Fails the deployment and returns true when an alarm fires that did not fire at its start. */
export function checkAlarms(world: World, deployment: DeploymentRecord): boolean {
  const { configuration, ignoredAlarms } = deployment;
  const firing = firingAlarms(world, configuration).filter((name) => !ignoredAlarms.has(name));
  if (firing.length === 0) return false;
  deployment.triggeredAlarms = firing;
  fail(world, deployment, {
    reason: `alarm detected: ${firing.join(', ')}.`,
    rollback: configuration.alarms.rollback ?? false,
  });
  return true;
}

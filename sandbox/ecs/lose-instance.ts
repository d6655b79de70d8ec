import type { Milliseconds } from '../../src/core/time/clock.ts';
import { tasksOn } from './instances.ts';
import { requestStop } from './tasks.ts';
import type { InstanceRecord, World } from './world.ts';

/** An instance is gone, with its tasks. ECS notices after `noticedAfter`. */
export function loseInstance(world: World, instance: InstanceRecord, noticedAfter: Milliseconds): void {
  instance.agentConnected = false;
  for (const task of tasksOn(world, instance)) world.runner.vanish(task.arn);
  world.clock.after(noticedAfter, () => {
    const reason = `Host EC2 (instance ${instance.ec2InstanceId}) terminated.`;
    for (const task of tasksOn(world, instance)) {
      requestStop(task, { reason, code: 'TerminationNotice' });
      task.end = { reason, stopCode: 'TerminationNotice', containers: [] };
    }
    world.instances.delete(instance.arn);
    world.groups.lose(instance.ec2InstanceId);
  });
}

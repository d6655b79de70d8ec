import { MINUTE, type Milliseconds } from '../time/clock.ts';
import type { Traffic } from '../traffic/traffic.ts';

/** What ECS does by itself when nobody asks or answers it any more, in words. `traffic`: as last seen; null: it never was. */
export function leftAlone(traffic: Traffic | null, patience: Milliseconds): string {
  const minutes = `${Math.round(patience / MINUTE)} minutes`;
  switch (traffic?.phase) {
    case 'asking':
      return `ECS rolls back by itself at ${new Date(traffic.question!.until).toISOString()}, when its pause ends.`;
    case 'soaking':
    case 'settling':
    case 'done':
      return `All ${traffic.split === 'tasks' ? 'the work' : 'production traffic'} was on the new revision, and ECS ends the deployment by itself.`;
    case 'rolling-back':
    case 'rolled-back':
      return 'ECS was rolling back, and ends that by itself.';
    default:
      return `ECS rolls back by itself at the latest ${minutes} after its next pause begins.`;
  }
}

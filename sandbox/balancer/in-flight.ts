import type { Target } from '../ports.ts';

/** Counts the requests in flight per target. */
export interface InFlight {
  count(targetGroupArn: string, target: Target): number;
  /** @returns a function to call once when the request has ended. */
  begin(targetGroupArn: string, target: Target): () => void;
}

export function createInFlight(): InFlight {
  const counts = new Map<string, number>();

  return {
    count: (targetGroupArn, target) => counts.get(keyOf(targetGroupArn, target)) ?? 0,
    begin(targetGroupArn, target) {
      const key = keyOf(targetGroupArn, target);
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return () => {
        const left = counts.get(key)! - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
  };
}

function keyOf(targetGroupArn: string, { id, port }: Target): string {
  return `${targetGroupArn} ${id}:${port}`;
}

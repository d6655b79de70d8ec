import type { Run } from '../../core/run.ts';
import type { Lease } from './lease.ts';

/** For a run that changes nothing, or does not wait for other runs. */
export function withoutLease(run: Run): Lease {
  return {
    takenBy: null,
    isInDoubt: false,
    tags: false,
    run,
    claim: () => Promise.resolve(false),
    held: () => Promise.resolve(true),
    confirm: () => Promise.resolve(),
    atRest: (work) => work(),
    keysIn: () => [],
    end() {},
    release: () => Promise.resolve(),
  };
}

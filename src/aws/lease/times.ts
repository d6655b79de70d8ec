import { MINUTE, SECOND } from '../../core/time/clock.ts';

/** How long a lease lasts without renewal. */
export const TERM = 3 * MINUTE;
export const RENEW_EVERY = 90 * SECOND;
/** Between two reads while another run holds the lease, or AWS does not answer. */
export const LOOK_EVERY = 5 * SECOND;

/** Assumption: a read shows at least the state of this long ago. */
const READ_LAG = 10 * SECOND;
/**
 * A change takes effect within this time after the read that allowed it; no attempt starts later.
 */
export const ACT_LIMIT = 10 * SECOND;
/** Time limit of a call that reads or writes the lease. */
export const CALL_LIMIT = 5 * SECOND;

/**
 * Between a claim and the first change. By then the previous holder has read the claim and its last
 * change has taken effect. Of several runs that claim at the same time, all but the last have read
 * the last one's claim.
 */
export const CLAIM_WAIT = READ_LAG + ACT_LIMIT;

/** The largest error of a runner's clock: AWS rejects signatures of clocks that differ more. */
export const CLOCK_SKEW = 5 * MINUTE;

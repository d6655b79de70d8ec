import { MINUTE, SECOND } from '../../core/time/clock.ts';

/** How long a lease holds unless it is renewed. */
export const TERM = 3 * MINUTE;
export const RENEW_EVERY = MINUTE;
/** Between two looks while another run holds it, or AWS does not answer. */
export const LOOK_EVERY = 5 * SECOND;

/** No read of AWS is taken to show less than what was so this long ago. */
const READ_LAG = 10 * SECOND;
/** A call that changes something takes effect within this time after the look that allowed it; no try of it begins later. */
export const ACT_LIMIT = 10 * SECOND;
/** A look at the lease, or a change of it. */
export const CALL_LIMIT = 5 * SECOND;

/**
 * Between a claim and the first act. Who held the lease before sees the claim at its next look, and its last act has taken effect;
 * of two who claim at once, all but the last see the last one's claim.
 */
export const CLAIM_WAIT = READ_LAG + ACT_LIMIT;

/** Clocks of runners may differ by this much: AWS does not accept signatures of clocks that are further off. */
export const CLOCK_SKEW = 5 * MINUTE;

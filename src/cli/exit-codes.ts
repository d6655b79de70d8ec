/** AWS refused, or something broke. */
export const FAILED = 1;
/** The command line or what it names is wrong: nothing was done. */
export const MISUSED = 2;
/** Of judge, where it is asked for with --exit-code. */
export const ROLLED_BACK = 3;
/** A person is needed: what serves could not be verified. */
export const DIRTY = 4;

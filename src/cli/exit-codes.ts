/** AWS refused, or something broke. */
export const FAILED = 1;
/** The command line or what it names is wrong: nothing was done. */
export const MISUSED = 2;
/** Asked for with --exit-code. */
export const ROLLED_BACK = 3;

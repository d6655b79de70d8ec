/** AWS refused, or an error occurred. */
export const FAILED = 1;
/** The command line, or a file that it names, is wrong: nothing was done. */
export const MISUSED = 2;
/** The release was rolled back; of `judge` only with --exit-code. */
export const ROLLED_BACK = 3;
/** Manual action is required: the state of the service could not be verified. */
export const DIRTY = 4;

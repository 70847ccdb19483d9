/** Which cell of the shared memory holds what. */
export const REQUESTS = 0;
export const FAILURES = 1;
export const CELLS = 2;

import { virtualTime } from '../host/virtualTime';

/** Lets so many milliseconds pass. */
export const later = (ms: number): void => virtualTime().pass(ms);

import type { Manifest } from '../action.ts';
import { main } from './main.ts';

/** Every action there is, in the order in which they are told. */
export const actions: readonly Manifest[] = [main];

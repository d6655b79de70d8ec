import type { Manifest } from '../action.ts';
import { buildAction } from './build.ts';
import { changesAction } from './changes.ts';
import { deployAction } from './deploy.ts';
import { mainAction } from './main.ts';
import { reconcileAction } from './reconcile.ts';
import { rollbackAction } from './rollback.ts';
import { statusAction } from './status.ts';

/**
 * Every action there is, in the order in which they are told. One more is: its description beside this file and in this list, a
 * entry point of the same name (src/*.ts) that calls `perform` with the work, and a README.md in its folder with the marks that
 * docs/inputs.md has; script/docs writes the rest.
 */
export const actions: readonly Manifest[] = [
  mainAction,
  buildAction,
  deployAction,
  rollbackAction,
  statusAction,
  changesAction,
  reconcileAction,
];

import type { Manifest } from '../action.ts';
import { buildAction } from './build.ts';
import { changesAction } from './changes.ts';
import { deployAction } from './deploy.ts';
import { mainAction } from './main.ts';
import { reconcileAction } from './reconcile.ts';
import { rollbackAction } from './rollback.ts';
import { statusAction } from './status.ts';

/**
 * All actions, in the order in which the documentation lists them. To add an action: describe it
 * beside this file and add it to this list, add an entry point of the same name (src/*.ts) that
 * calls `runMainStep`, and a README.md in its folder with the marks of docs/inputs.md. script/docs
 * writes the rest.
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

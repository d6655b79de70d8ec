import type { Manifest } from '../action.ts';
import { build } from './build.ts';
import { changes } from './changes.ts';
import { deploy } from './deploy.ts';
import { main } from './main.ts';
import { reconcile } from './reconcile.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';

/**
 * Every action there is, in the order in which they are told. One more is: its description beside this file and in this list, a
 * entry point of the same name (src/*.ts) that calls `perform` with the work, and a README.md in its folder with the marks that
 * docs/inputs.md has; script/docs writes the rest.
 */
export const actions: readonly Manifest[] = [main, build, deploy, rollback, status, changes, reconcile];

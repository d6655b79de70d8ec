/**
 * The result for a service. `clean`: nothing was left and nothing differs. `in progress`: not touched now.
 * `finished`: the new revision serves, and the leftovers are removed. `undone`: the old revision
 * serves, verified. `repaired`: weights that led to no task were corrected, verified. `dirty`: manual
 * action is required; `reason` says why.
 */
export interface Reconciled {
  readonly cluster: string;
  readonly service: string;
  readonly state: 'clean' | 'in progress' | 'finished' | 'undone' | 'repaired' | 'dirty';
  readonly reason: string;
}

/**
 * The result for a service. `clean`: ecs-ramp left nothing. `in progress`: not touched now.
 * `finished`: the new revision serves, and the leftovers are removed. `undone`: the old revision
 * serves, verified. `dirty`: manual action is required; `reason` says why.
 */
export interface Reconciled {
  readonly cluster: string;
  readonly service: string;
  readonly state: 'clean' | 'in progress' | 'finished' | 'undone' | 'dirty';
  readonly reason: string;
}

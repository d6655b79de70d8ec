/**
 * What became of a service. clean: nothing of ours was there. in progress: not to be touched now. finished: the new version serves,
 * and what its run left is gone. undone: the old one serves, verified. dirty: a person is needed; `reason` says for what.
 */
export interface Reconciled {
  readonly cluster: string;
  readonly service: string;
  readonly state: 'clean' | 'in progress' | 'finished' | 'undone' | 'dirty';
  readonly reason: string;
}

/** What a gate said when it was asked. wait: neither yes nor no, so that it is asked again. The words are clauses. */
export type GateAnswer =
  | { readonly said: 'pass'; readonly because: string }
  | { readonly said: 'wait' }
  | { readonly said: 'fail'; readonly problem: string };

/**
 * The answer of a gate. `wait`: neither passed nor failed, so it is asked again. The texts are
 * clauses.
 */
export type GateAnswer =
  | { readonly said: 'pass'; readonly because: string }
  | { readonly said: 'wait' }
  | { readonly said: 'fail'; readonly problem: string };

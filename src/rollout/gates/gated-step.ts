/** The pause that a gate is asked about. */
export interface GatedStep {
  /** The service deployment's ARN. */
  readonly deployment: string;
  /** Of production traffic on the new revision. */
  readonly percent: number;
}

/** What whoever tests the new revision has to know of it. */
export interface TestedRevision {
  readonly service: string;
  readonly cluster: string;
  readonly taskDefinitionArn: string;
  /** By digest; null: not known, where a run is carried on. */
  readonly image: string | null;
  /** Scheme, host and port of the test listener, and the Host header that its rule wants; null: there is none. */
  readonly testUrl: string | null;
  readonly testHost: string | null;
  /** The page of this run; null: it has none. */
  readonly runUrl: string | null;
}

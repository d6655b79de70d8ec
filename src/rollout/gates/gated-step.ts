/** The pause that a gate decides about. */
export interface GatedStep {
  /** The service deployment's ARN. */
  readonly deployment: string;
  /** Percent of production traffic on the new revision. */
  readonly percent: number;
}

/** The facts that a test of the new revision needs. */
export interface TestedRevision {
  readonly service: string;
  readonly cluster: string;
  readonly taskDefinitionArn: string;
  /** The image by digest; `null` when it is not known because the run continues another one. */
  readonly image: string | null;
  /**
   * Scheme, host and port of the test listener, and the Host header and other headers that its rule
   * requires; `null` when there is none.
   */
  readonly testUrl: string | null;
  readonly testHost: string | null;
  readonly testHeaders: Readonly<Record<string, string>> | null;
  /** The page of this run; `null` when it has none. */
  readonly runUrl: string | null;
}

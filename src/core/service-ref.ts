export interface ServiceRef {
  /** Name or ARN of the cluster. */
  readonly cluster: string;
  readonly name: string;
}

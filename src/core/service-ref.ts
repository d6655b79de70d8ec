/** Names one ECS service. */
export interface ServiceRef {
  /** Its cluster's name or ARN. */
  readonly cluster: string;
  readonly name: string;
}

/** Temporary credentials, in the SDK's form. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Absent when they do not expire. */
  readonly expiration?: Date;
}

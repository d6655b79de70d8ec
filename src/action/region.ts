export const NO_REGION =
  'No AWS region is set: run aws-actions/configure-aws-credentials with aws-region before this step, or set AWS_REGION.';

/** Undefined: none is set. */
export function regionOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || undefined;
}

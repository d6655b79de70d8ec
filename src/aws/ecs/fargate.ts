/**
 * Whether tasks run on Fargate: by their launch type, or by a capacity provider of Fargate among
 * `providers`. Pure.
 */
export function isFargate(
  launchType: string | undefined,
  providers: readonly (string | undefined)[],
): boolean {
  return launchType === 'FARGATE' || providers.some((name) => name === 'FARGATE' || name === 'FARGATE_SPOT');
}

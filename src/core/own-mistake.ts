/** With the stack: nobody else can find it. */
export function ownMistake(error: unknown): string {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `ecs-ramp failed in a way it should not: please report this. ${told}`;
}

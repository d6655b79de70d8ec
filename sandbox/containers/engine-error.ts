/** 304: already stopped. 404: does not exist (any more). 409: removal in progress. */
export function isGone(error: unknown): boolean {
  const status = statusOf(error);
  return status === 304 || status === 404 || status === 409;
}

function statusOf(error: unknown): number | null {
  const known = typeof error === 'object' && error !== null && 'statusCode' in error;
  return known && typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** The engine's message without dockerode's prefix. */
export function engineMessage(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'json' in error) {
    const { json } = error;
    if (typeof json === 'object' && json !== null && 'message' in json) return String(json.message);
  }
  return error instanceof Error ? error.message : String(error);
}

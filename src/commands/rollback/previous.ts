import type { PastDeployment } from '../history/history.ts';
import { isReturn, type Release, type Version } from '../../aws/ecs/releases.ts';

export interface Previous {
  /** The release before; `null` if ECS lists none. */
  readonly version: Version | null;
  /** The deployment that already rolled back the newest release; `null` for none. */
  readonly undoneBy: PastDeployment | null;
}

/**
 * The release before the one that serves, from the deployments that ECS lists. Never a release that
 * was rolled back: a second rollback goes further back, not forward again. Pure.
 */
export function previousRelease(
  history: readonly PastDeployment[],
  serving: string,
  releases: ReadonlyMap<string, Release>,
): Previous {
  const left = new Set([serving]);
  let undoneBy: PastDeployment | null = null;
  let isNewest = true;
  for (const deployment of history) {
    const [from, to] = [deployment.from, deployment.to];
    if (from === null || to === null || from.taskDefinitionArn === to.taskDefinitionArn) continue;
    const wasNewest = isNewest;
    isNewest = false;
    if (deployment.status.startsWith('ROLLBACK_')) {
      if (wasNewest && from.taskDefinitionArn === serving) undoneBy = deployment;
      continue;
    }
    // A stopped deployment counts only if it is the newest: both revisions may have traffic.
    if (deployment.status !== 'SUCCESSFUL' && !(wasNewest && deployment.status === 'STOPPED')) continue;
    const release = releases.get(to.taskDefinitionArn);
    if (release && isReturn(from.taskDefinitionArn, release)) {
      if (wasNewest && to.taskDefinitionArn === serving) undoneBy = deployment;
      left.add(from.taskDefinitionArn);
      // The task definition that it was copied from counts as the same release.
      if (release.returnTo !== null) left.add(sibling(to.taskDefinitionArn, release.returnTo));
    }
    if (!left.has(from.taskDefinitionArn)) return { version: from, undoneBy };
  }
  return { version: null, undoneBy };
}

/** The newest release of a commit in the history; the commit may be abbreviated. Pure. */
export function releaseOfCommit(
  history: readonly PastDeployment[],
  commit: string,
  releases: ReadonlyMap<string, Release>,
): Release | null {
  const arns = history
    .flatMap(({ from, to }) => [to, from])
    .map((version) => version?.taskDefinitionArn ?? '');
  const found = arns.find((arn) => releases.get(arn)?.commit?.startsWith(commit));
  return releases.get(found ?? '') ?? null;
}

/** The ARN of another task definition of the same account and region, by its name. */
function sibling(taskDefinitionArn: string, name: string): string {
  return `${taskDefinitionArn.slice(0, taskDefinitionArn.lastIndexOf('/') + 1)}${name}`;
}

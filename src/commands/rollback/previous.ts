import type { PastDeployment } from '../history/history.ts';
import { isReturn, type Release, type Version } from '../../aws/ecs/releases.ts';

export interface Previous {
  /** What served before; null: no earlier release is remembered. */
  readonly version: Version | null;
  /** The newest release is undone already, by this deployment: to go on to `version` would be one release more. Null: it is not. */
  readonly undoneBy: PastDeployment | null;
}

/**
 * The release before the one that serves, by what ECS remembers. Never one that was itself left by a return: a rollback after a
 * rollback goes on back, not forth again. Pure.
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
    // One that was aborted counts while nothing came after it: some of the traffic may be on either.
    if (deployment.status !== 'SUCCESSFUL' && !(wasNewest && deployment.status === 'STOPPED')) continue;
    const release = releases.get(to.taskDefinitionArn);
    if (release && isReturn(from.taskDefinitionArn, release)) {
      if (wasNewest && to.taskDefinitionArn === serving) undoneBy = deployment;
      left.add(from.taskDefinitionArn);
      // What it was registered again for is the same as what serves.
      if (release.returnTo !== null) left.add(sibling(to.taskDefinitionArn, release.returnTo));
    }
    if (!left.has(from.taskDefinitionArn)) return { version: from, undoneBy };
  }
  return { version: null, undoneBy };
}

/** The newest release of a commit that the service ran or was given, other than what serves; the commit may be cut short. Pure. */
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

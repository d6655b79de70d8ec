import type { ECSClient } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { readDeploymentHistory, type PastDeployment } from '../history/history.ts';
import { provenanceOf } from '../../aws/ecs/provenance.ts';
import { describeTaskDefinition, readReleases, type Release } from '../../aws/ecs/releases.ts';
import { previousRelease, releaseOfCommit } from './previous.ts';
import { UserError } from '../../core/failure.ts';
import type { ServiceRef } from '../../core/service-ref.ts';

/** The release to roll back to, and why; `undone`: the newest release is already rolled back. */
export interface Target {
  readonly release: Release;
  readonly because: string;
  readonly undone: boolean;
}

/** How many deployments to search. */
const MOST = 60;
const COMMIT = /^[0-9a-f]{7,40}$/i;

/** Finds the release to roll back to. Rejects with UserError if there is none. */
export async function findTarget(
  ecs: ECSClient,
  { to, serving, ...service }: ServiceRef & { readonly to: string | null; readonly serving: string },
): Promise<Target> {
  if (to !== null && !COMMIT.test(to)) return { ...(await named(ecs, to)), undone: false };
  const history = await readDeploymentHistory(ecs, service, MOST);
  const releases = await readReleases(
    ecs,
    history.flatMap(({ from, to: target }) =>
      [from, target].flatMap((each) => each?.taskDefinitionArn ?? []),
    ),
  );
  if (to !== null) return { ...ofCommit(to.toLowerCase(), history, releases), undone: false };
  const { version, undoneBy } = previousRelease(history, serving, releases);
  const release = releases.get(version?.taskDefinitionArn ?? '');
  if (undoneBy !== null) {
    return {
      release: releases.get(serving) ?? { taskDefinitionArn: serving, ...provenanceOf([]) },
      because: undoneInWords(undoneBy, release),
      undone: true,
    };
  }
  if (!release) {
    throw new UserError(
      `There is no earlier release to roll back to: ECS lists no successful deployment of service ${service.name} that replaced another task definition (ECS keeps deployments for 90 days). Name the task definition to roll back to in \`to\`, as FAMILY:REVISION.`,
    );
  }
  return { release, because: 'it was live before the current release', undone: false };
}

async function named(ecs: ECSClient, to: string): Promise<Omit<Target, 'undone'>> {
  const described = await describeTaskDefinition(ecs, to);
  if (described === null) {
    throw new UserError(
      `to: ECS has no task definition "${to}". Write FAMILY:REVISION, its ARN, or a commit of 7 digits or more; \`ecs-ramp history\` lists what the service ran.`,
    );
  }
  const taskDefinitionArn = described.taskDefinition!.taskDefinitionArn!;
  const release = { taskDefinitionArn, ...provenanceOf(described.tags ?? []) };
  return { release, because: `\`to\` names it` };
}

function ofCommit(
  commit: string,
  history: readonly PastDeployment[],
  releases: ReadonlyMap<string, Release>,
): Omit<Target, 'undone'> {
  const release = releaseOfCommit(history, commit, releases);
  if (release !== null) return { release, because: `\`to\` names its commit` };
  const commits = [...new Set([...releases.values()].flatMap((each) => each.commit?.slice(0, 7) ?? []))];
  throw new UserError(
    `to: none of the service's last ${history.length} deployments deployed commit ${commit}. ${commits.length > 0 ? `They deployed ${commits.slice(0, 10).join(', ')}.` : 'Their task definitions have no tags that name a commit.'} Specify a task definition instead, as FAMILY:REVISION.`,
  );
}

function undoneInWords(by: PastDeployment, next: Release | undefined): string {
  const [left, kept] = by.status.startsWith('ROLLBACK_') ? [by.to, by.from] : [by.from, by.to];
  const further = next
    ? ` To go further back, set to: ${nameOfVersion(next)}${next.commit ? ` (commit ${next.commit.slice(0, 7)})` : ''}.`
    : ' ECS lists no earlier release.';
  return `the newest release, ${nameOfVersion(left)}, is already rolled back: ${nameOfVersion(kept)} has been live again since ${new Date(by.finishedAt ?? by.createdAt).toISOString()}.${further}`;
}

const nameOfVersion = (version: { readonly taskDefinitionArn: string } | null): string =>
  nameOfArn(version?.taskDefinitionArn ?? 'another release');

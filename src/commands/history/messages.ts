import { nameOfArn } from '../../core/arn.ts';
import { plainText } from '../../core/plain-text.ts';
import { releaseInWords } from '../../report/release.ts';
import type { Release, Version } from '../../aws/ecs/releases.ts';
import { dateOf, durationInWords, timeOfDay } from '../../report/words.ts';
import type { PastDeployment } from './history.ts';

/** The output of `ecs-ramp history` for one deployment. Pure. */
export function deploymentInWords(
  deployment: PastDeployment,
  releases: ReadonlyMap<string, Release>,
): readonly string[] {
  const { createdAt, finishedAt, oldRevisionUntil, status, from, to } = deployment;
  const named = (version: Version | null) => {
    const release = releases.get(version?.taskDefinitionArn ?? '');
    return release ? releaseInWords(release) : '?';
  };
  const run = releases.get(to?.taskDefinitionArn ?? '')?.run ?? null;
  const reason = reasonOf(deployment, releases);
  const took = finishedAt === null ? 'not finished yet' : `took ${durationInWords(finishedAt - createdAt)}`;
  const end =
    oldRevisionUntil === undefined
      ? `${ENDS[status] ?? status}, ${took}`
      : `deployed, its old revision is kept until ${dateOf(oldRevisionUntil)} ${timeOfDay(oldRevisionUntil)}`;
  const way = from === null ? `to ${named(to)}` : `${named(from)} -> ${named(to)}`;
  const images = from === null ? Object.entries(to?.images ?? {}) : changed(from, to);
  return [
    `${dateOf(createdAt)} ${timeOfDay(createdAt)}  ${end}: ${way}`,
    ...(reason === null ? [] : [`  ${plainText(reason, 500)}`]),
    ...(run === null ? [] : [`  ${run}`]),
    ...images.map(([container, image]) => `  ${container}: ${image}`),
  ];
}

/** The reason that ecs-ramp noted for this deployment, otherwise that of ECS. Pure. */
export function reasonOf(
  { serviceDeploymentArn, reason, to }: PastDeployment,
  releases: ReadonlyMap<string, Release>,
): string | null {
  const note = releases.get(to?.taskDefinitionArn ?? '')?.rolledBack;
  return note?.deployment === nameOfArn(serviceDeploymentArn) ? note.reason : reason;
}

/** Readable names of ECS statuses; others are printed unchanged. */
const ENDS: Readonly<Record<string, string>> = {
  SUCCESSFUL: 'deployed',
  ROLLBACK_SUCCESSFUL: 'rolled back',
  ROLLBACK_FAILED: 'could not be rolled back',
  STOPPED: 'stopped',
  PENDING: 'in progress',
  IN_PROGRESS: 'in progress',
  STOP_REQUESTED: 'being stopped',
  ROLLBACK_REQUESTED: 'rolling back',
  ROLLBACK_IN_PROGRESS: 'rolling back',
};

function changed(from: Version, to: Version | null): readonly [string, string][] {
  return Object.entries(to?.images ?? {}).filter(([container, image]) => from.images[container] !== image);
}

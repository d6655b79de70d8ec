import { releaseInWords } from '../../report/release.ts';
import { fenced, type Markdown } from '../../report/markdown.ts';
import { quantity } from '../../core/quantity.ts';
import { dateOf, durationInWords, timeOfDay } from '../../report/words.ts';
import type { ClusterStatus } from './status.ts';
import type { RunningRevision, ServiceStatus, DeploymentStatus } from './service-status.ts';

/** The output of `ecs-ramp status` for a service. Pure. */
export function statusInWords(status: ServiceStatus, now: number): readonly string[] {
  const { service, running, desired, revisions, deployment, heldBy, leftBehind, drift, information } = status;
  const state = status.status === 'ACTIVE' ? '' : `, ${status.status}`;
  return [
    `${service}: ${running} of ${quantity(desired, 'task')} running${state}`,
    ...revisions.flatMap((revision) => revisionInWords(revision, now)),
    ...(deployment === null ? [] : deploymentInWords(deployment, now)),
    ...(heldBy === null ? [] : [`reserved by ${heldBy.run}`]),
    ...(drift?.split('\n') ?? []),
    ...(leftBehind === null ? [] : [`left by a run that was killed: ${leftBehind}`]),
    ...(information?.split('\n') ?? []),
  ].map((line, index) => (index === 0 ? line : `  ${line}`));
}

function revisionInWords(revision: RunningRevision, now: number): readonly string[] {
  const { percent, running, desired, healthy, since, run, images } = revision;
  const share = percent === null ? '' : `${percent}% of the traffic, `;
  const tasks =
    running === desired ? quantity(running, 'task') : `${running} of ${quantity(desired, 'task')}`;
  const targets = healthy === null ? '' : `, ${quantity(healthy, 'healthy target')}`;
  const age = since === null ? '' : `, since ${momentInWords(since)} (${durationInWords(now - since)})`;
  return [
    `${releaseInWords(revision)}: ${share}${tasks}${targets}${age}`,
    ...Object.entries(images).map(([container, image]) => `  ${container}: ${image}`),
    ...(run === null ? [] : [`  ${run}`]),
  ];
}

function deploymentInWords(deployment: DeploymentStatus, now: number): readonly string[] {
  const { ours, stage, percent, startedAt, pause, approval, oldRevisionUntil, keepCanEnd, reason, phase } =
    deployment;
  const whose = ours ? 'a rollout by ecs-ramp' : 'a deployment that ecs-ramp did not start';
  const what = percent === null ? `a rolling update (${stage})` : `${whose}, at ${percent}% (${stage})`;
  const lines = [`in progress: ${what}, for ${durationInWords(now - startedAt)}`];
  if (phase === 'rolling-back') lines.push(`  rolling back${reason === null ? '' : `: ${reason}`}`);
  else if (pause !== null) {
    const left = durationInWords(pause.until - now);
    lines.push(
      `  waits for an answer from ecs-ramp until ${momentInWords(pause.until)} (${left} left), then ECS rolls back`,
    );
  }
  if (approval !== null) {
    lines.push(
      `  ${approval.percent}% waits for an approval until ${momentInWords(approval.until)} (${durationInWords(approval.until - now)} left): \`ecs-ramp continue\` approves it`,
    );
  }
  if (oldRevisionUntil !== null) {
    lines.push(
      `  the old revision is kept until ${momentInWords(oldRevisionUntil)} (${durationInWords(oldRevisionUntil - now)} left)${keepCanEnd ? ', or until the next release, or `ecs-ramp continue`' : ', and no other release can start before'}`,
    );
  }
  if (phase !== 'rolling-back') lines.push('  `ecs-ramp rollback` rolls it back in one call');
  return lines;
}

/** UTC, `2026-11-21 14:05:09`. */
export function momentInWords(at: number): string {
  return `${dateOf(at)} ${timeOfDay(at)}`;
}

/** What could not be read, one line for each reason. Pure. */
export function unreadInWords(unread: readonly string[]): readonly string[] {
  return unread.map((reason) => `not compared: ${reason}`);
}

/** The status for the job summary. Pure. */
export function statusSummary({ services, unread }: ClusterStatus, now: number): Markdown {
  const lines = services.flatMap((status) => [...statusInWords(status, now), '']);
  const all = [...lines.slice(0, -1), ...unreadInWords(unread)];
  return `## Service status\n\n${fenced(lines.length > 0 ? all : ['no services'], 'text')}\n`;
}

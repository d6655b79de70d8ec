import type { Tag } from '@aws-sdk/client-ecs';
import type { RolloutRequest, Source } from '../../core/request.ts';
import { inUnits } from '../../core/time/duration.ts';

/** Where a release comes from: kept in tags of its task definition, so that it can be told where it runs. Null: not known. */
export interface Provenance {
  readonly commit: string | null;
  /** https://github.com/OWNER/NAME */
  readonly repository: string | null;
  /** The page of the workflow run that registered it. */
  readonly run: string | null;
  /** The file of the workflow: `shop/web/.github/workflows/deploy.yml`. */
  readonly workflow: string | null;
  /** GitHub's count of that workflow's runs. */
  readonly runNumber: number | null;
  readonly actor: string | null;
  /** The rollout's settings in short: `steps=10/30/60/90/100 bake-time=5m step-timeout=30m keep-old=10m`. */
  readonly rollout: string | null;
  /** It was registered to go back to this task definition, which could not be used itself: `web:41`. */
  readonly returnTo: string | null;
}

export const NOT_KNOWN: Provenance = {
  commit: null,
  repository: null,
  run: null,
  workflow: null,
  runNumber: null,
  actor: null,
  rollout: null,
  returnTo: null,
};

const PREFIX = 'ecs-ramp:';
/** Each with the end of its tag's key. */
const KEYS = {
  commit: 'commit',
  repository: 'repository',
  run: 'run',
  actor: 'actor',
  rollout: 'rollout',
  returnTo: 'return-to',
  runNumber: 'run-number',
  workflow: 'workflow',
} as const satisfies Record<keyof Provenance, string>;
/** Those that matter least come last: there may not be room for all. */
const MEMBERS = [
  'commit',
  'repository',
  'run',
  'actor',
  'rollout',
  'returnTo',
  'runNumber',
  'workflow',
] as const satisfies readonly (keyof Provenance)[];
/** ECS takes so many on a task definition. */
const MOST_TAGS = 50;
const LONGEST_VALUE = 256;
const NOT_ALLOWED = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]+/gu;

/** The tags that say where a release comes from. What a tag cannot hold is left out: half a commit or URL is none. Pure. */
export function provenanceTags(
  source: Source,
  { steps, bakeTime, stepTimeout, keepOld }: RolloutRequest,
): readonly Tag[] {
  return tagsOf({
    ...NOT_KNOWN,
    commit: source.commit,
    repository: source.repositoryUrl,
    run: source.runUrl,
    workflow: source.count?.workflow ?? null,
    runNumber: source.count?.number ?? null,
    // A bot's name has brackets: `dependabot[bot]`.
    actor: source.actor?.replaceAll(NOT_ALLOWED, ' ').trim() ?? null,
    rollout: `steps=${steps.join('/')} bake-time=${inUnits(bakeTime)} step-timeout=${inUnits(stepTimeout)} keep-old=${inUnits(keepOld)}`,
  });
}

/** Whether the tags are of a task definition that ecs-ramp registered. Pure. */
export function isRegisteredByUs(tags: readonly Tag[]): boolean {
  return tags.some(({ key }) => MEMBERS.some((member) => key === keyOf(member)));
}

/** Pure. */
export function tagsOf(provenance: Provenance): readonly Tag[] {
  return MEMBERS.flatMap((member) => {
    const value = String(provenance[member] ?? '');
    return isTagValue(value) ? [{ key: keyOf(member), value }] : [];
  });
}

/** What the tags of a task definition tell. Pure. */
export function provenanceOf(tags: readonly Tag[]): Provenance {
  const values = new Map(tags.map(({ key, value }) => [key, value]));
  const told = (member: keyof Provenance) => values.get(keyOf(member)) || null;
  const runNumber = told('runNumber');
  return {
    commit: told('commit'),
    repository: told('repository'),
    run: told('run'),
    workflow: told('workflow'),
    runNumber: runNumber !== null && /^\d{1,15}$/.test(runNumber) ? Number(runNumber) : null,
    actor: told('actor'),
    rollout: told('rollout'),
    returnTo: told('returnTo'),
  };
}

/** The user's own of a task definition's tags: neither AWS's nor ours. Pure. */
export function ownTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(({ key = '' }) => !key.startsWith(PREFIX) && !key.toLowerCase().startsWith('aws:'));
}

/** The user's tags, which come first, and as many of the others as ECS takes. Pure. */
export function withProvenance(own: readonly Tag[], provenance: readonly Tag[]): readonly Tag[] {
  return [...own, ...provenance].slice(0, Math.max(MOST_TAGS, own.length));
}

function isTagValue(value: string): boolean {
  return value !== '' && value.length <= LONGEST_VALUE && value.replaceAll(NOT_ALLOWED, '') === value;
}

function keyOf(member: keyof Provenance): string {
  return `${PREFIX}${KEYS[member]}`;
}

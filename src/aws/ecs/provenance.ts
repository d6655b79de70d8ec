import type { Tag } from '@aws-sdk/client-ecs';
import type { RolloutRequest, Source } from '../../core/request.ts';
import { inUnits } from '../../core/time/duration.ts';

/** Where a release comes from, stored in tags of its task definition. `null` when not known. */
export interface Provenance {
  readonly commit: string | null;
  /** https://github.com/OWNER/NAME */
  readonly repository: string | null;
  /** The page of the workflow run that registered it. */
  readonly run: string | null;
  /** The workflow file: `shop/web/.github/workflows/deploy.yml`. */
  readonly workflow: string | null;
  /** GitHub's run number of that workflow. */
  readonly runNumber: number | null;
  readonly actor: string | null;
  /** The rollout's settings: `steps=10/30/60/90/100 bake-time=5m step-timeout=30m keep-old=10m`. */
  readonly rollout: string | null;
  /**
   * The deregistered task definition whose content this one repeats, for a return to it: `web:41`.
   */
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
/** Member to the tag's key without the prefix. */
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
/** The most important first: ECS limits the number of tags. */
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
/** ECS's limit for a task definition. */
const MOST_TAGS = 50;
const LONGEST_VALUE = 256;
const NOT_ALLOWED = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]+/gu;

/**
 * The tags that say where a release comes from. A value that a tag cannot hold is omitted, not
 * shortened. Pure.
 */
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
    // The name of a bot contains brackets: `dependabot[bot]`.
    actor: source.actor?.replaceAll(NOT_ALLOWED, ' ').trim() ?? null,
    rollout: `steps=${steps.join('/')} bake-time=${inUnits(bakeTime)} step-timeout=${inUnits(stepTimeout)} keep-old=${inUnits(keepOld)}`,
  });
}

/** Whether ecs-ramp registered the task definition with these tags. Pure. */
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

/** Reads the provenance from the tags of a task definition. Pure. */
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

/** The user's tags of a task definition: neither AWS's nor ecs-ramp's. Pure. */
export function ownTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(({ key = '' }) => !key.startsWith(PREFIX) && !key.toLowerCase().startsWith('aws:'));
}

/** The user's tags first, then as many of the others as ECS allows. Pure. */
export function withProvenance(own: readonly Tag[], provenance: readonly Tag[]): readonly Tag[] {
  return [...own, ...provenance].slice(0, Math.max(MOST_TAGS, own.length));
}

function isTagValue(value: string): boolean {
  return value !== '' && value.length <= LONGEST_VALUE && value.replaceAll(NOT_ALLOWED, '') === value;
}

function keyOf(member: keyof Provenance): string {
  return `${PREFIX}${KEYS[member]}`;
}

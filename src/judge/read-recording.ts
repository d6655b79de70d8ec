import type { Recording, JudgeSettings } from './recording.ts';

/** One problem of a recording. */
export interface RecordingProblem {
  /** `minutes[3].canary.requests`; empty for the recording itself. */
  readonly path: string;
  readonly given: string;
  readonly allowed: string;
}

const SHOWN = 20;

/** All problems of a recording. The message lists the first twenty. */
export class InvalidRecording extends Error {
  override readonly name = 'InvalidRecording';
  readonly problems: readonly RecordingProblem[];

  constructor(problems: readonly RecordingProblem[]) {
    const lines = problems
      .slice(0, SHOWN)
      .map(({ path, given, allowed }) => `  ${path || 'recording'}: ${given}, but must be ${allowed}`);
    const more = problems.length > SHOWN ? [`  and ${problems.length - SHOWN} more`] : [];
    super(['This recording cannot be judged:', ...lines, ...more].join('\n'));
    this.problems = problems;
  }
}

/**
 * Checks the content of a JSON file. Unknown members are problems too: a misspelt setting would
 * silently use its default.
 */
export function readRecording(json: unknown): Recording {
  const problems: RecordingProblem[] = [];
  if (!isRecording(json, problems)) throw new InvalidRecording(problems);
  return json;
}

function isRecording(json: unknown, problems: RecordingProblem[]): json is Recording {
  check(json, '', RECORDING, problems);
  return problems.length === 0;
}

type Rule = NumberRule | WordRule | TextRule | ObjectRule | ListRule | NamesRule;

interface WordRule {
  readonly kind: 'word';
  readonly words: readonly string[];
}

interface TextRule {
  readonly kind: 'text';
}

interface NumberRule {
  readonly kind: 'number';
  readonly allowed: string;
  fits(value: number): boolean;
}

interface ObjectRule {
  readonly kind: 'object';
  readonly members: Readonly<Record<string, Rule>>;
  readonly required: readonly string[];
}

/** An object with names chosen by the user. */
interface NamesRule {
  readonly kind: 'names';
  readonly of: Rule;
}

interface ListRule {
  readonly kind: 'list';
  readonly of: Rule;
  readonly allowed: string;
  fits(length: number): boolean;
  /** The member that must increase, or at least not decrease, from one item to the next. */
  readonly order?: { readonly by: string; readonly strictly: boolean };
}

const number = (allowed: string, fits: (value: number) => boolean): NumberRule => ({
  kind: 'number',
  allowed,
  fits: (value) => Number.isFinite(value) && fits(value),
});

const aCount = number('a whole number, 0 or more', (value) => Number.isInteger(value) && value >= 0);
/** About ten weeks of minutes. A larger number is a timestamp by mistake. */
const aPeriod = number(
  'a whole number of periods since the canary first had traffic, at most 100,000',
  (value) => Number.isInteger(value) && value >= 0 && value <= 100_000,
);
const aboveZero = number('a number above 0', (value) => value > 0);
const aRate = number('a share above 0 and at most 0.9', (value) => value > 0 && value <= 0.9);
const oneOrMore = number('a number, 1 or more', (value) => value >= 1);
const three = (of: Rule): ListRule => ({
  kind: 'list',
  of,
  allowed: 'a list of three, for p50, p90 and p99',
  fits: (length) => length === 3,
});

const COUNTS: ObjectRule = {
  kind: 'object',
  members: {
    requests: aCount,
    errors: aCount,
    slow: three(aCount),
    percentiles: three(aboveZero),
    custom: {
      kind: 'names',
      of: { kind: 'object', members: { bad: aCount, of: aCount }, required: ['bad', 'of'] },
    },
    readings: { kind: 'names', of: number('a number, 0 or more', (value) => value >= 0) },
  },
  required: ['requests'],
};

const SETTINGS: ObjectRule & { members: Readonly<Record<keyof JudgeSettings, Rule>> } = {
  kind: 'object',
  members: {
    falseAlarmRate: number('a probability above 0 and below 1', (value) => value > 0 && value < 1),
    warmUp: aCount,
    metricDelay: aCount,
    latencyMargin: oneOrMore,
    errorTolerance: aRate,
    maxErrorRate: aRate,
    dispersion: oneOrMore,
  },
  required: [],
};

const RECORDING: ObjectRule & { members: Readonly<Record<keyof Recording, Rule>> } = {
  kind: 'object',
  members: {
    period: aboveZero,
    steps: {
      kind: 'list',
      of: {
        kind: 'object',
        members: {
          at: number('a number of periods', () => true),
          percent: number('a percentage above 0 and at most 100', (value) => value > 0 && value <= 100),
        },
        required: ['at', 'percent'],
      },
      allowed: 'a list of one step or more',
      fits: (length) => length > 0,
      order: { by: 'at', strictly: false },
    },
    minutes: {
      kind: 'list',
      of: {
        kind: 'object',
        members: { t: aPeriod, canary: COUNTS, stable: COUNTS },
        required: ['t'],
      },
      allowed: 'a list',
      fits: () => true,
      order: { by: 't', strictly: true },
    },
    thresholds: three(aboveZero),
    settings: SETTINGS,
    counted: { kind: 'word', words: ['messages'] },
    arms: { kind: 'word', words: ['together'] },
    interrupted: {
      kind: 'list',
      of: {
        kind: 'object',
        members: { from: aPeriod, to: aPeriod, because: { kind: 'text' } },
        required: ['from', 'to'],
      },
      allowed: 'a list',
      fits: () => true,
    },
  },
  required: ['period', 'steps', 'minutes'],
};

function check(value: unknown, path: string, rule: Rule, problems: RecordingProblem[]): void {
  switch (rule.kind) {
    case 'number':
      if (typeof value !== 'number' || !rule.fits(value)) {
        problems.push({ path, given: shown(value), allowed: rule.allowed });
      }
      return;
    case 'text':
      if (typeof value !== 'string') problems.push({ path, given: shown(value), allowed: 'a text' });
      return;
    case 'word':
      if (!rule.words.some((word) => word === value)) {
        problems.push({ path, given: shown(value), allowed: `one of ${rule.words.join(', ')}` });
      }
      return;
    case 'list':
      if (!Array.isArray(value) || !rule.fits(value.length)) {
        problems.push({ path, given: shown(value), allowed: rule.allowed });
        return;
      }
      value.forEach((item, index) => check(item, `${path}[${index}]`, rule.of, problems));
      if (rule.order !== undefined) checkOrder(value, path, rule.order, problems);
      return;
    case 'names':
      if (!isObject(value)) {
        problems.push({ path, given: shown(value), allowed: 'an object, by name' });
        return;
      }
      for (const [name, item] of Object.entries(value)) check(item, `${path}.${name}`, rule.of, problems);
      return;
    case 'object':
      if (!isObject(value)) {
        problems.push({ path, given: shown(value), allowed: 'an object' });
        return;
      }
      checkMembers(value, path, rule, problems);
  }
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  path: string,
  { members, required }: ObjectRule,
  problems: RecordingProblem[],
): void {
  const prefix = path === '' ? '' : `${path}.`;
  for (const name of required) {
    if (!(name in value)) problems.push({ path: `${prefix}${name}`, given: 'missing', allowed: 'given' });
  }
  for (const [name, member] of Object.entries(value)) {
    const rule = Object.hasOwn(members, name) ? members[name] : undefined;
    if (rule !== undefined) check(member, `${prefix}${name}`, rule, problems);
    else {
      const allowed = `one of ${Object.keys(members).join(', ')}`;
      problems.push({ path: `${prefix}${name}`, given: 'an unknown name', allowed });
    }
  }
}

function checkOrder(
  list: readonly unknown[],
  path: string,
  { by, strictly }: NonNullable<ListRule['order']>,
  problems: RecordingProblem[],
): void {
  const values = list.map((item) => (isObject(item) ? item[by] : undefined));
  values.forEach((value, index) => {
    const before = values[index - 1];
    if (typeof value !== 'number' || typeof before !== 'number') return;
    if (value < before || (strictly && value === before)) {
      const allowed = `${strictly ? 'more' : 'no less'} than the ${before} before it`;
      problems.push({ path: `${path}[${index}].${by}`, given: shown(value), allowed });
    }
  });
}

const LONGEST = 40;

/** The given value, shortened to fit on a line. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

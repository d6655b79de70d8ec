import { settingsOf } from './config/settings-of.ts';
import type { ConfigSettings } from './settings.ts';
import type { Config } from './config/model.ts';
import { mainAction } from './actions/main.ts';
import { retentionInputs } from './definitions.ts';
import { parseInputs } from './check.ts';
import { imagesOutliveRevisions } from './rules.ts';
import { InvalidInputs, type Issue } from './issue.ts';

export interface Checked {
  readonly services: number;
  readonly environments: number;
  /** All issues without duplicates, in the order of the file. */
  readonly issues: readonly Issue[];
}

/**
 * Validates every service in every environment like a run on a checkout in `workspace`. `misread`
 * are the issues of entries that the configuration lacks for that reason. Makes no calls to AWS.
 */
export function checkEvery(config: Config, workspace: string, misread: readonly Issue[] = []): Checked {
  const environments = config.environments.size > 0 ? [...config.environments.keys()] : [null];
  const issues = new Map<string, Issue>();
  const isConsequence = consequencesOf(misread);
  for (const service of config.services.keys()) {
    for (const environment of environments) {
      for (const wrong of mistakesOf(config, { service, environment, workspace })) {
        if (!issues.has(wrong.text) && !isConsequence(wrong)) issues.set(wrong.text, wrong);
      }
    }
  }
  return {
    services: config.services.size,
    environments: config.environments.size,
    issues: [...misread, ...issues.values()].toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)),
  };
}

/** Tells whether an issue may only exist because the entry of its input was misread or misspelled. */
function consequencesOf(misread: readonly Issue[]): (found: Issue) => boolean {
  const names = new Set(misread.map(({ input }) => input.split('.').at(-1)!));
  const words = new Set(misread.flatMap(({ text }) => wordsOf(text)));
  return ({ input, text }) => words.has(input) || wordsOf(text).some((word) => names.has(word));
}

const wordsOf = (text: string): readonly string[] => text.split(/[^\w-]+/);

/** All settings that the file may have for a service. */
const checked = {
  definitions: { ...mainAction.definitions, ...retentionInputs },
  rules: [...mainAction.rules, imagesOutliveRevisions],
};

interface Case {
  readonly service: string;
  readonly environment: string | null;
  readonly workspace: string;
}

function mistakesOf(config: Config, { service, environment, workspace }: Case): readonly Issue[] {
  const settings = settingsOf(config, service, environment);
  try {
    const env = { GITHUB_SHA: '0'.repeat(40), ...variablesFor(settings) };
    parseInputs(checked, { texts: new Map(), issues: [], settings }, { env, workspace });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error;
    return error.issues.map((wrong) => (wrong.place === undefined ? named(wrong, service) : wrong));
  }
}

/** Empty variables for build arguments without a value: they exist in a run but not here. */
function variablesFor(settings: ConfigSettings): Readonly<Record<string, string>> {
  const args = settings.get('build-args')?.text.split('\n') ?? [];
  return Object.fromEntries(args.filter((arg) => !arg.includes('=')).map((name) => [name.trim(), '']));
}

/** An issue without a place in the file, such as a missing input, names its service. */
function named(wrong: Issue, service: string): Issue {
  return { ...wrong, text: `services.${service}: ${wrong.text}` };
}

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
  /** All that is wrong, in the order of the file, each once. */
  readonly issues: readonly Issue[];
}

/** Tries every service in every environment as a run on a checkout in `workspace` would. AWS is not asked. */
export function checkEvery(config: Config, workspace: string): Checked {
  const environments = config.environments.size > 0 ? [...config.environments.keys()] : [null];
  const issues = new Map<string, Issue>();
  for (const service of config.services.keys()) {
    for (const environment of environments) {
      for (const wrong of mistakesOf(config, { service, environment, workspace })) {
        if (!issues.has(wrong.text)) issues.set(wrong.text, wrong);
      }
    }
  }
  return {
    services: config.services.size,
    environments: config.environments.size,
    issues: [...issues.values()].toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)),
  };
}

/** All that the file may say of a service. */
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

/** The variables that build arguments without a value take theirs from: a run has them, this has not. */
function variablesFor(settings: ConfigSettings): Readonly<Record<string, string>> {
  const args = settings.get('build-args')?.text.split('\n') ?? [];
  return Object.fromEntries(args.filter((arg) => !arg.includes('=')).map((name) => [name.trim(), '']));
}

/** What is missing stands nowhere. */
function named(wrong: Issue, service: string): Issue {
  return { ...wrong, text: `services.${service}: ${wrong.text}` };
}

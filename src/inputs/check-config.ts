import { settingsOf } from './config/settings-of.ts';
import type { Settings } from './settings.ts';
import type { Config } from './config/model.ts';
import { main } from './actions/main.ts';
import { keeping } from './definitions.ts';
import { askedOf } from './check.ts';
import { imagesOutliveRevisions } from './rules.ts';
import { InvalidInputs, type Mistake } from './issue.ts';

export interface Checked {
  readonly services: number;
  readonly environments: number;
  /** All that is wrong, in the order of the file, each once. */
  readonly mistakes: readonly Mistake[];
}

/** Tries every service in every environment as a run on a checkout in `workspace` would. AWS is not asked. */
export function checkEvery(config: Config, workspace: string): Checked {
  const environments = config.environments.size > 0 ? [...config.environments.keys()] : [null];
  const mistakes = new Map<string, Mistake>();
  for (const service of config.services.keys()) {
    for (const environment of environments) {
      for (const wrong of mistakesOf(config, { service, environment, workspace })) {
        if (!mistakes.has(wrong.text)) mistakes.set(wrong.text, wrong);
      }
    }
  }
  return {
    services: config.services.size,
    environments: config.environments.size,
    mistakes: [...mistakes.values()].toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)),
  };
}

/** All that the file may say of a service. */
const checked = {
  definitions: { ...main.definitions, ...keeping },
  rules: [...main.rules, imagesOutliveRevisions],
};

interface Case {
  readonly service: string;
  readonly environment: string | null;
  readonly workspace: string;
}

function mistakesOf(config: Config, { service, environment, workspace }: Case): readonly Mistake[] {
  const settings = settingsOf(config, service, environment);
  try {
    const env = { GITHUB_SHA: '0'.repeat(40), ...variablesFor(settings) };
    askedOf(checked, { texts: new Map(), mistakes: [], settings }, { env, workspace });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error;
    return error.mistakes.map((wrong) => (wrong.place === undefined ? named(wrong, service) : wrong));
  }
}

/** The variables that build arguments without a value take theirs from: a run has them, this has not. */
function variablesFor(settings: Settings): Readonly<Record<string, string>> {
  const args = settings.get('build-args')?.text.split('\n') ?? [];
  return Object.fromEntries(args.filter((arg) => !arg.includes('=')).map((name) => [name.trim(), '']));
}

/** What is missing stands nowhere. */
function named(wrong: Mistake, service: string): Mistake {
  return { ...wrong, text: `services.${service}: ${wrong.text}` };
}

import type { Environment } from '../../core/environment.ts';
import { InvalidInputs, inputIssue } from '../issue.ts';
import type { Config } from './model.ts';
import { loadConfig } from './load.ts';
import { environmentOf, settingsOf } from './settings-of.ts';
import type { ConfigSettings } from '../settings.ts';

interface Asked {
  /** Path of the file, relative to the workspace. */
  readonly config: string;
  /** Name of the service in the file; `undefined` for the only one. */
  readonly service: string | undefined;
  /** `undefined` for the environment of the branch. */
  readonly environment: string | undefined;
}

/** The settings of the file for one service. Rejects with InvalidInputs. */
export async function chosenSettings(
  parsed: Asked,
  { env, workspace }: { readonly env: Environment; readonly workspace: string },
): Promise<ConfigSettings> {
  const config = await loadConfig(parsed.config, workspace);
  const environment = chosenEnvironment(config, parsed.environment ?? null, env);
  const settings = settingsOf(config, parsed.service ?? onlyService(config), environment);
  if (environment === null) return settings;
  // The branch may have determined the environment, so it is returned like a given input.
  const place = { file: config.file, line: 1, column: 1 };
  return new Map([...settings, ['environment', { text: environment, place }]]);
}

/**
 * The named environment, or that of the branch; `null` if the file has no environments. Throws
 * InvalidInputs.
 */
export function chosenEnvironment(config: Config, named: string | null, env: Environment): string | null {
  const branch = env['GITHUB_REF_TYPE'] === 'branch' ? (env['GITHUB_REF_NAME'] ?? null) : null;
  const environment = environmentOf(config, { named, branch });
  if (environment !== null || config.environments.size === 0) return environment;
  const names = [...config.environments.keys()].join(', ');
  const why = branch === null ? 'the branch is unknown' : `none of them has branch ${branch}`;
  throw new InvalidInputs([
    inputIssue('environment', {
      problem: `${config.file} has environments (${names}), and ${why}`,
      fix: 'give environment, or add the branch to the branches of one of them',
    }),
  ]);
}

function onlyService({ file, services }: Config): string {
  const names = [...services.keys()];
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidInputs([
    inputIssue('service', {
      problem: `it is missing, and ${file} has several services`,
      fix: `name one of ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}`,
    }),
  ]);
}

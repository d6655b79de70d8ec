import type { Environment } from '../../core/environment.ts';
import { InvalidInputs, inputIssue } from '../issue.ts';
import type { Config } from './model.ts';
import { loadConfig } from './load.ts';
import { environmentOf, settingsOf } from './settings-of.ts';
import type { ConfigSettings } from '../settings.ts';

interface Asked {
  /** Path of the file, from the workspace. */
  readonly config: string;
  /** Its name in the file; undefined: the only one. */
  readonly service: string | undefined;
  /** Undefined: the branch's. */
  readonly environment: string | undefined;
}

/** What the file says of the service that is asked for. Rejects with InvalidInputs. */
export async function chosenSettings(
  parsed: Asked,
  { env, workspace }: { readonly env: Environment; readonly workspace: string },
): Promise<ConfigSettings> {
  const config = await loadConfig(parsed.config, workspace);
  const environment = chosenEnvironment(config, parsed.environment ?? null, env);
  const settings = settingsOf(config, parsed.service ?? onlyService(config), environment);
  if (environment === null) return settings;
  // The branch may have chosen it: whoever names the environment reads it as if it were given.
  const place = { file: config.file, line: 1, column: 1 };
  return new Map([...settings, ['environment', { text: environment, place }]]);
}

/** The environment that is named, or else the branch's; null: the file has none. Throws InvalidInputs. */
export function chosenEnvironment(config: Config, named: string | null, env: Environment): string | null {
  const branch = env['GITHUB_REF_TYPE'] === 'branch' ? (env['GITHUB_REF_NAME'] ?? null) : null;
  const environment = environmentOf(config, { named, branch });
  if (environment !== null || config.environments.size === 0) return environment;
  const names = [...config.environments.keys()].join(', ');
  const why = branch === null ? 'the branch is not known' : `none is for branch ${branch}`;
  throw new InvalidInputs([
    inputIssue('environment', {
      problem: `${config.file} has environments (${names}), and ${why}`,
      fix: 'give environment, or write the branch below one of them',
    }),
  ]);
}

function onlyService({ file, services }: Config): string {
  const names = [...services.keys()];
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return only;
  throw new InvalidInputs([
    inputIssue('service', {
      problem: `it is missing, and ${file} has several`,
      fix: `name one of ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}`,
    }),
  ]);
}

import { environmentOf, settingsOf } from '../inputs/config/settings-of.ts';
import { loadConfig } from '../inputs/config/load.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { definedIn, type Defined } from './policy-definition.ts';
import type { CliContext } from './command.ts';

/** A service of ecs-ramp.yml, as far as a policy is about it. */
export interface WrittenService {
  /** Its name in ECS; `*`: every service of the cluster. */
  readonly service: string;
  /** Texts by input. */
  readonly settings: ReadonlyMap<string, string>;
  /** What the file says that it names as its task definition; null: it names none. */
  readonly definition: Defined | null;
}

/** The services of the file that are asked for: all, unless one is named. Rejects with InvalidInputs. */
export async function writtenServices(
  parsed: { readonly config: string; readonly service: string | null; readonly environment: string | null },
  { cwd }: Pick<CliContext, 'cwd'>,
): Promise<readonly WrittenService[]> {
  const config = await loadConfig(parsed.config, cwd);
  const environment = environmentOf(config, { named: parsed.environment, branch: null });
  if (environment === null && config.environments.size > 0) {
    const names = [...config.environments.keys()].join(', ');
    throw new InvalidInputs([
      inputIssue('--environment', {
        problem: `it is missing, and ${config.file} has ${names}`,
        fix: 'name one: each has a role of its own',
      }),
    ]);
  }
  const services = parsed.service === null ? [...config.services.keys()] : [parsed.service];
  return services.map((name) => {
    const written = [...settingsOf(config, name, environment)].map(
      ([input, { text }]) => [input, text] as const,
    );
    const settings = new Map(written);
    const file = settings.get('task-definition');
    return {
      service: settings.get('service') ?? name,
      settings,
      definition: file === undefined ? null : definedIn(file, cwd),
    };
  });
}

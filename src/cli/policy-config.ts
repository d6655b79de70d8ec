import { environmentOf, settingsOf } from '../inputs/config/settings-of.ts';
import { loadConfig } from '../inputs/config/load.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { definedIn, type Defined } from './policy-definition.ts';
import type { CliContext } from './command.ts';

/** The data of a service in ecs-ramp.yml that a policy requires. */
export interface WrittenService {
  /** Name in ECS; `*` for every service of the cluster. */
  readonly service: string;
  /** Texts by input. */
  readonly settings: ReadonlyMap<string, string>;
  /** Data of its task definition file; `null` without such a file. */
  readonly definition: Defined | null;
}

/** The named service of the file, or all services. Rejects with InvalidInputs. */
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
        problem: `it is missing, and ${config.file} has the environments ${names}`,
        fix: 'name one of them, because each has its own role',
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

import { inputIssue, InvalidInputs } from '../issue.ts';
import { nearest } from '../../core/did-you-mean.ts';
import type { Config, ServiceConfig } from './model.ts';
import { filePattern, folderPattern, matcher } from './patterns.ts';
import type { ConfigSettings, WrittenSetting } from '../settings.ts';

/** Replaces {service} and {environment}, so that one line can apply to many services. */
function filledIn(text: string, service: string, environment: string | null): string {
  return text.replaceAll('{service}', service).replaceAll('{environment}', environment ?? '{environment}');
}

/**
 * The settings of a service with their places in the file. Later ones override earlier ones: the
 * defaults, the environment, the service, the service in that environment. `service` is always
 * included. Throws InvalidInputs for a name that is not in the file. Pure.
 */
export function settingsOf(config: Config, name: string, environment: string | null): ConfigSettings {
  const service = serviceNamed(config, name);
  const layers = [
    config.defaults.settings,
    environment === null ? null : environmentNamed(config, environment).settings,
    service.settings,
    environment === null ? null : service.environments.get(environment),
  ];
  const place = { file: config.file, line: 1, column: 1 };
  const settings = new Map<string, WrittenSetting>([['service', { text: name, place }]]);
  for (const layer of layers) {
    for (const [input, { text, place: at }] of layer ?? []) {
      settings.set(input, { text: filledIn(text, name, environment), place: at });
    }
  }
  return settings;
}

/**
 * Patterns of the files of a service, a list for each environment that differs: those of `paths`, or
 * else its context; and its Dockerfile and task definition. Pure.
 */
export function pathsOf(config: Config, name: string): readonly (readonly string[])[] {
  const environments = [...config.environments.keys()];
  const lists = (environments.length > 0 ? environments : [null]).map((environment) =>
    pathsIn(config, name, environment),
  );
  return [...new Map(lists.map((list) => [list.join('\0'), list])).values()];
}

function pathsIn(config: Config, name: string, environment: string | null): readonly string[] {
  const { paths } = serviceNamed(config, name);
  const written = paths.length > 0 ? paths : config.defaults.paths;
  const settings = settingsOf(config, name, environment);
  const text = (input: string) => settings.get(input)?.text;
  return [
    ...(written.length > 0
      ? written.map((pattern) => filledIn(pattern, name, environment))
      : [folderPattern(text('context') ?? '.')]),
    ...[text('file'), ignoreFileOf(text('file')), text('task-definition')].flatMap((path) =>
      path === undefined ? [] : filePattern(path),
    ),
  ];
}

/** Builds read it in place of the context's own .dockerignore. */
function ignoreFileOf(dockerfile: string | undefined): string | undefined {
  return dockerfile === undefined ? undefined : `${dockerfile}.dockerignore`;
}

/**
 * The named environment, or the one that the branch is deployed to; `null` if the file has none for
 * the branch. Throws InvalidInputs if `named` is not in the file, or if several match the branch.
 * Pure.
 */
export function environmentOf(
  config: Config,
  { named, branch }: { readonly named: string | null; readonly branch: string | null },
): string | null {
  if (named !== null) {
    environmentNamed(config, named);
    return named;
  }
  if (branch === null) return null;
  const fitting = [...config.environments].filter(([, { branches }]) => matcher(branches)(branch));
  if (fitting.length > 1) {
    const names = fitting.map(([name]) => name).join(' and ');
    throw new InvalidInputs([
      inputIssue('environment', {
        problem: `${config.file} has several environments for branch ${branch}: ${names}`,
        fix: 'give environment, or change the branches so that only one matches',
      }),
    ]);
  }
  return fitting[0]?.[0] ?? null;
}

function serviceNamed({ file, services }: Config, name: string): ServiceConfig {
  return named('service', { file, known: services, name });
}

function environmentNamed({ file, environments }: Config, name: string) {
  return named('environment', { file, known: environments, name });
}

function named<T>(
  input: string,
  {
    file,
    known,
    name,
  }: { readonly file: string; readonly known: ReadonlyMap<string, T>; readonly name: string },
): T {
  const found = known.get(name);
  if (found !== undefined) return found;
  const meant = nearest(name, known.keys());
  const names = [...known.keys()];
  throw new InvalidInputs([
    inputIssue(input, {
      given: name,
      problem: `${file} has no ${input} "${name}"`,
      fix:
        meant !== null
          ? `did you mean ${meant}?`
          : names.length > 0
            ? `write one of ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}`
            : 'add it to the file, or remove the input',
    }),
  ]);
}

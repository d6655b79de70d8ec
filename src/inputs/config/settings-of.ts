import { inputIssue, InvalidInputs } from '../issue.ts';
import { nearest } from '../../core/did-you-mean.ts';
import type { Config, ServiceConfig } from './model.ts';
import { matcher } from './patterns.ts';
import type { ConfigSettings, WrittenSetting } from '../settings.ts';

/** What {…} may stand for in the file: one line for forty services. */
function filledIn(text: string, service: string, environment: string | null): string {
  return text.replaceAll('{service}', service).replaceAll('{environment}', environment ?? '{environment}');
}

/**
 * A service's settings, each with its place in the file: the defaults, over them the environment's, the service's own, and the
 * service's own in that environment. `service` is always among them. Pure. Throws InvalidInputs for a name that the file does not have.
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

/** Patterns of the files that are a service's own, its Dockerfile, context and task definition among them. Pure. */
export function pathsOf(config: Config, name: string): readonly string[] {
  const { paths } = serviceNamed(config, name);
  const settings = settingsOf(config, name, null);
  const text = (input: string) => settings.get(input)?.text.replace(/^\.\//, '').replace(/\/+$/, '');
  const context = text('context');
  const [file, definition] = [text('file'), text('task-definition')];
  const written = paths.length > 0 ? paths : config.defaults.paths;
  return [
    ...(written.length > 0
      ? written.map((pattern) => filledIn(pattern, name, null))
      : [context === undefined || context === '.' ? '**' : `${context}/**`]),
    ...(file === undefined ? [] : [file]),
    ...(definition === undefined ? [] : [definition]),
  ];
}

/**
 * The environment that a branch is deployed to. Null: the file has no environments, or none for this branch. Pure. Throws
 * InvalidInputs where `named` is none of the file's, or two are for the branch.
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
        problem: `${config.file} has ${names} for branch ${branch}`,
        fix: 'give environment, or make the branches of one of them narrower',
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
            : 'write it there, or leave it out',
    }),
  ]);
}

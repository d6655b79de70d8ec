import type { Definitions } from './definition.ts';
import { buildInputs, configInputs } from './definitions.ts';
import type { RawInputs } from './raw-inputs.ts';
import type { Environment } from '../core/environment.ts';
import { type Issue, locatedIssue } from './issue.ts';

/**
 * The given inputs with the settings of the ecs-ramp.yml that `config` names. Rejects with
 * InvalidInputs.
 */
export async function withConfig(
  { definitions }: { readonly definitions: Definitions },
  given: RawInputs,
  surroundings: { readonly env: Environment; readonly workspace: string },
): Promise<RawInputs> {
  const config = given.texts.get('config');
  // Actions that read the file for all services define their own `config` input.
  if (config === undefined || definitions['config'] !== configInputs.config) return given;
  // Loaded only when needed: the YAML parser is large.
  const { chosenSettings: askedSettings } = await import('./config/chosen-settings.ts');
  const [service, environment] = [given.texts.get('service'), given.texts.get('environment')];
  return { ...given, settings: await askedSettings({ config, service, environment }, surroundings) };
}

/**
 * The texts, completed with settings of the file. `place` adds the place in the file to an issue.
 * Pure.
 */
export function withSettings(
  { texts, settings }: Pick<RawInputs, 'texts' | 'settings'>,
  definitions: Definitions,
): { readonly texts: ReadonlyMap<string, string>; readonly place: (wrong: Issue) => Issue } {
  if (settings === undefined) return { texts, place: (wrong) => wrong };
  const merged = new Map(texts);
  const used = new Set<string>();
  for (const [name, { text }] of settings) {
    // The name of the service in the file may differ from its name in ECS.
    if (!Object.hasOwn(definitions, name) || (merged.has(name) && name !== 'service')) continue;
    // An image from the workflow is not built, so the build settings of the file do not apply.
    if (texts.has('image') && Object.hasOwn(buildInputs, name)) continue;
    merged.set(name, text);
    used.add(name);
  }
  return {
    texts: merged,
    place: (wrong) => (used.has(wrong.input) ? locatedIssue(wrong, settings.get(wrong.input)!.place) : wrong),
  };
}

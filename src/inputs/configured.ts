import type { Definitions } from './definition.ts';
import { build, configuration } from './definitions.ts';
import type { Given } from './raw-inputs.ts';
import type { Environment } from '../core/environment.ts';
import { type Mistake, placed } from './issue.ts';

/** What an action was given, with what ecs-ramp.yml says if `config` names it. Rejects with InvalidInputs. */
export async function configured(
  { definitions }: { readonly definitions: Definitions },
  given: Given,
  surroundings: { readonly env: Environment; readonly workspace: string },
): Promise<Given> {
  const config = given.texts.get('config');
  // An action that reads the file itself, for all services, has another input of that name.
  if (config === undefined || definitions['config'] !== configuration.config) return given;
  // YAML is a lot of code for those who write their inputs in the workflow.
  const { askedSettings } = await import('./config/asked-settings.ts');
  const [service, environment] = [given.texts.get('service'), given.texts.get('environment')];
  return { ...given, settings: await askedSettings({ config, service, environment }, surroundings) };
}

/** The texts with the settings that stand for those not given; `place` tells of a mistake where it stands. Pure. */
export function withSettings(
  { texts, settings }: Pick<Given, 'texts' | 'settings'>,
  definitions: Definitions,
): { readonly texts: ReadonlyMap<string, string>; readonly place: (wrong: Mistake) => Mistake } {
  if (settings === undefined) return { texts, place: (wrong) => wrong };
  const merged = new Map(texts);
  const used = new Set<string>();
  for (const [name, { text }] of settings) {
    // The service's name in the file may be another than in ECS.
    if (!Object.hasOwn(definitions, name) || (merged.has(name) && name !== 'service')) continue;
    // An image that the workflow names is not built, whatever the file says of building it.
    if (texts.has('image') && Object.hasOwn(build, name)) continue;
    merged.set(name, text);
    used.add(name);
  }
  return {
    texts: merged,
    place: (wrong) => (used.has(wrong.input) ? placed(wrong, settings.get(wrong.input)!.place) : wrong),
  };
}

import type { Definitions } from './definition.ts';
import { buildInputs, configInputs } from './definitions.ts';
import type { RawInputs } from './raw-inputs.ts';
import type { Environment } from '../core/environment.ts';
import { type Issue, locatedIssue } from './issue.ts';

/** What an action was given, with what ecs-ramp.yml says if `config` names it. Rejects with InvalidInputs. */
export async function withConfig(
  { definitions }: { readonly definitions: Definitions },
  given: RawInputs,
  surroundings: { readonly env: Environment; readonly workspace: string },
): Promise<RawInputs> {
  const config = given.texts.get('config');
  // An action that reads the file itself, for all services, has another input of that name.
  if (config === undefined || definitions['config'] !== configInputs.config) return given;
  // YAML is a lot of code for those who write their inputs in the workflow.
  const { chosenSettings: askedSettings } = await import('./config/chosen-settings.ts');
  const [service, environment] = [given.texts.get('service'), given.texts.get('environment')];
  return { ...given, settings: await askedSettings({ config, service, environment }, surroundings) };
}

/** The texts with the settings that stand for those not given; `place` tells of a mistake where it stands. Pure. */
export function withSettings(
  { texts, settings }: Pick<RawInputs, 'texts' | 'settings'>,
  definitions: Definitions,
): { readonly texts: ReadonlyMap<string, string>; readonly place: (wrong: Issue) => Issue } {
  if (settings === undefined) return { texts, place: (wrong) => wrong };
  const merged = new Map(texts);
  const used = new Set<string>();
  for (const [name, { text }] of settings) {
    // The service's name in the file may be another than in ECS.
    if (!Object.hasOwn(definitions, name) || (merged.has(name) && name !== 'service')) continue;
    // An image that the workflow names is not built, whatever the file says of building it.
    if (texts.has('image') && Object.hasOwn(buildInputs, name)) continue;
    merged.set(name, text);
    used.add(name);
  }
  return {
    texts: merged,
    place: (wrong) => (used.has(wrong.input) ? locatedIssue(wrong, settings.get(wrong.input)!.place) : wrong),
  };
}

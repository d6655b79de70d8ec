import { nearest } from '../core/did-you-mean.ts';
import type { Manifest } from './action.ts';
import type { ConfigSettings } from './settings.ts';
import { type Issue, inputIssue } from './issue.ts';
import type { Environment } from '../core/environment.ts';

/** The given inputs as text, trimmed and not empty, and an issue for each unknown name. */
export interface RawInputs {
  readonly texts: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
  /** Settings of ecs-ramp.yml, for inputs that are not given. */
  readonly settings?: ConfigSettings;
}

const PREFIX = 'INPUT_';

/**
 * Inputs as the runner sets them: INPUT_BAKE-TIME, empty if not given. A shell cannot export names
 * with dashes, so INPUT_BAKE_TIME is accepted too.
 */
export function inputsFromEnvironment(
  environment: Environment,
  action: Pick<Manifest, 'definitions' | 'page'>,
): RawInputs {
  const texts = new Map<string, string>();
  const issues: Issue[] = [];
  const unknown = new Set<string>();
  for (const [variable, value = ''] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX)) continue;
    const name = variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
    const text = value.trim();
    if (!Object.hasOwn(action.definitions, name)) unknown.add(name);
    else if (texts.has(name) && text !== '' && texts.get(name) !== text) issues.push(twice(name));
    else if (text !== '') texts.set(name, text);
  }
  return { texts, issues: [...[...unknown].map((name) => unknownInput(name, action)), ...issues] };
}

/** The value is not shown: it may be a secret with a misspelled name. */
function unknownInput(name: string, { definitions, page }: Pick<Manifest, 'definitions' | 'page'>): Issue {
  const meant = nearest(name, Object.keys(definitions));
  return inputIssue(name, {
    problem: 'there is no such input',
    fix: meant === null ? `remove it, or look it up in ${page}` : `did you mean ${meant}?`,
  });
}

function twice(name: string): Issue {
  const variable = `${PREFIX}${name.toUpperCase()}`;
  return inputIssue(name, {
    problem: `${variable} and ${variable.replaceAll('-', '_')} are both set, with different values`,
    fix: 'unset one of the two',
  });
}

import type { Action, Manifest } from '../inputs/action.ts';
import type { Definition, Definitions } from '../inputs/definition.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { withConfig } from '../inputs/configured.ts';
import { inputsFromEnvironment } from '../inputs/raw-inputs.ts';
import { InvalidInputs, inputIssue, type Issue } from '../inputs/issue.ts';
import { parseInputs } from '../inputs/check.ts';
import { booleanInput } from '../inputs/types/text.ts';
import type { CliContext } from './command.ts';
import { withClone } from './local-clone.ts';
import { type Option, type Options, splitCommandLine } from './options.ts';

/**
 * The inputs of an action as options, by heading. A boolean is a flag; lists and maps can be
 * repeated.
 */
export function optionsOf({ groups }: Pick<Manifest, 'groups'>): Readonly<Record<string, Options>> {
  const headings = Object.entries(groups).map(([heading, group]) => [
    heading,
    Object.fromEntries(Object.entries(group).map(([name, definition]) => [name, optionOf(definition)])),
  ]);
  return Object.fromEntries(headings);
}

/** The default is part of the description. */
function optionOf({ type, description }: Definition): Option {
  if (type === booleanInput)
    return { description: description.replace(/ true or false\. Default: false\.$/, '') };
  return {
    description,
    value: 'VALUE',
    type,
    ...((type.form === 'list' || type.form === 'map') && { repeatable: true }),
  };
}

/**
 * The inputs of an action from a command line. Options that are not given come from INPUT_*
 * variables, as the runner sets them, or from ecs-ramp.yml if `config` names it. `commit`, if the
 * action has it, overrides the commit of the CI or of the clone. Rejects with InvalidInputs with all issues.
 */
export async function inputsFromOptions<D extends Definitions>(
  action: Action<D>,
  args: readonly string[],
  { env, cwd }: Pick<CliContext, 'env' | 'cwd'>,
): Promise<ParsedInputs<D>> {
  const options: Options = Object.assign({}, ...Object.values(optionsOf(action)));
  const { texts, given, positionals, issues } = splitCommandLine(options, args);
  const byEnvironment = inputsFromEnvironment(env, action);
  for (const [name, text] of texts) texts.set(name, options[name]?.type === undefined ? 'true' : text);
  const commit = texts.get('commit') ?? byEnvironment.texts.get('commit');
  const known = await withClone(env, cwd);
  const surroundings = {
    env: commit === undefined ? known : { ...known, GITHUB_SHA: commit },
    workspace: cwd,
  };
  try {
    const written = {
      texts: new Map([...byEnvironment.texts, ...texts]),
      issues: [...issues, ...positionals.map(misplaced), ...byEnvironment.issues],
    };
    return parseInputs(action, await withConfig(action, written, surroundings), surroundings);
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error;
    const isOption = ({ input, place }: Issue) =>
      place === undefined &&
      Object.hasOwn(options, input) &&
      (given.has(input) || !byEnvironment.texts.has(input));
    throw new InvalidInputs(error.issues.map((wrong) => (isOption(wrong) ? asOption(wrong) : wrong)));
  }
}

function misplaced(positional: string): Issue {
  return inputIssue(positional, {
    problem: 'it does not belong to an option',
    fix: 'remove it, or write its option before it',
  });
}

/** The issue with the input's name as an option. */
export function asOption({ input, text, given }: Issue): Issue {
  return { input: `--${input}`, text: `--${text}`, given };
}

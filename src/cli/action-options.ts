import type { Action, Manifest } from '../inputs/action.ts';
import type { Definition, Definitions } from '../inputs/definition.ts';
import type { Asked } from '../inputs/rule.ts';
import { configured } from '../inputs/configured.ts';
import { givenByEnvironment } from '../inputs/raw-inputs.ts';
import { InvalidInputs, mistake, type Mistake } from '../inputs/issue.ts';
import { askedOf } from '../inputs/check.ts';
import { truth } from '../inputs/kinds/text.ts';
import type { World } from './command.ts';
import { type Option, type Options, splitCommandLine } from './options.ts';

/** The inputs of an action as options, by heading: a boolean is a flag, and what has lines may be given line by line. */
export function optionsOf({ groups }: Pick<Manifest, 'groups'>): Readonly<Record<string, Options>> {
  const headings = Object.entries(groups).map(([heading, group]) => [
    heading,
    Object.fromEntries(Object.entries(group).map(([name, definition]) => [name, optionOf(definition)])),
  ]);
  return Object.fromEntries(headings);
}

/** The default stands in the description. */
function optionOf({ kind, description }: Definition): Option {
  if (kind === truth) return { description: description.replace(/ true or false\. Default: false\.$/, '') };
  return {
    description,
    value: 'VALUE',
    kind,
    ...((kind.form === 'list' || kind.form === 'map') && { repeatable: true }),
  };
}

/**
 * What a command line asks an action for. INPUT_* variables, as the runner sets them, stand for options that are not given, and so
 * does ecs-ramp.yml if `config` names it; `commit`, where the action has it, for what the CI says. Rejects with InvalidInputs with all
 * that is wrong.
 */
export async function askedByOptions<D extends Definitions>(
  action: Action<D>,
  args: readonly string[],
  { env, cwd }: Pick<World, 'env' | 'cwd'>,
): Promise<Asked<D>> {
  const options: Options = Object.assign({}, ...Object.values(optionsOf(action)));
  const { texts, given, positionals, mistakes } = splitCommandLine(options, args);
  const byEnvironment = givenByEnvironment(env, action);
  for (const [name, text] of texts) texts.set(name, options[name]?.kind === undefined ? 'true' : text);
  const commit = texts.get('commit') ?? byEnvironment.texts.get('commit');
  const surroundings = {
    env: commit === undefined ? env : { ...env, GITHUB_SHA: commit },
    workspace: cwd,
  };
  try {
    const written = {
      texts: new Map([...byEnvironment.texts, ...texts]),
      mistakes: [...mistakes, ...positionals.map(misplaced), ...byEnvironment.mistakes],
    };
    return askedOf(action, await configured(action, written, surroundings), surroundings);
  } catch (error) {
    if (!(error instanceof InvalidInputs)) throw error;
    const isOption = ({ input, place }: Mistake) =>
      place === undefined &&
      Object.hasOwn(options, input) &&
      (given.has(input) || !byEnvironment.texts.has(input));
    throw new InvalidInputs(error.mistakes.map((wrong) => (isOption(wrong) ? asOption(wrong) : wrong)));
  }
}

function misplaced(positional: string): Mistake {
  return mistake(positional, { problem: 'it belongs to no option', fix: 'leave it out, or name its option' });
}

function asOption({ input, text, given }: Mistake): Mistake {
  return { input: `--${input}`, text: `--${text}`, given };
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Definition, groups } from '../src/inputs/definitions.ts';

const ROOT = join(import.meta.dirname, '..');

/** The files with parts that are told from elsewhere, as they should be. */
export function generatedDocuments(root = ROOT): ReadonlyMap<string, string> {
  const action = withPart(readFileSync(join(root, 'action.yml'), 'utf8'), 'inputs', inputsYaml());
  const documents = new Map([['action.yml', action]]);
  for (const name of ['docs/inputs.md', 'README.md']) {
    const path = join(root, name);
    if (!existsSync(path)) continue;
    const text = withPart(readFileSync(path, 'utf8'), 'inputs', `${inputTables()}\n`);
    documents.set(name, withPart(text, 'outputs', `${outputTable(action)}\n`));
  }
  return documents;
}

/** Replaces what stands between the lines with <name> and </name>; a text without them stays as it is. */
function withPart(text: string, name: string, part: string): string {
  const between = new RegExp(`(^.*<${name}>.*\\n)[^]*?(^.*</${name}>)`, 'm');
  return text.replace(between, (_, begin: string, end: string) => `${begin}${part}${end}`);
}

function inputsYaml(): string {
  const inputs = Object.fromEntries(
    allDefinitions().map(([name, definition]) => {
      const byDefault = definition.default;
      return [
        name,
        {
          description: definition.description,
          ...(definition.required && { required: true }),
          ...(byDefault !== null && { default: byDefault }),
        },
      ];
    }),
  );
  return stringify({ inputs }, { lineWidth: 0, singleQuote: true });
}

function allDefinitions(): readonly (readonly [string, Definition])[] {
  return Object.values(groups).flatMap((group): [string, Definition][] => Object.entries(group));
}

function inputTables(): string {
  return Object.entries(groups)
    .map(([heading, group]) => {
      const rows = Object.entries(group).map(([name, definition]) => inputRow(name, definition));
      return `\n### ${heading}\n${table(['Input', 'Meaning', 'Default'], rows)}`;
    })
    .join('');
}

function inputRow(
  name: string,
  { description, default: byDefault, required }: Definition,
): readonly string[] {
  const [, meaning = description, told = ''] =
    /^(.*) (?:Default: (.*)\.|Required\.)$/.exec(description) ?? [];
  return [`\`${name}\``, meaning, required ? 'required' : byDefault === null ? told : `\`${byDefault}\``];
}

function outputTable(action: string): string {
  const { outputs }: { outputs: Record<string, { readonly description: string }> } = parse(action);
  const rows = Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]);
  return table(['Output', 'Meaning'], rows);
}

/** Prettier is kept away: it would pad every cell to the widest. */
function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, heading.map(() => '---'), ...rows].map(tableRow);
  return `\n<!-- prettier-ignore -->\n${lines.join('')}`;
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |\n`;
}

if (import.meta.main) {
  for (const [name, text] of generatedDocuments()) writeFileSync(join(ROOT, name), text);
}

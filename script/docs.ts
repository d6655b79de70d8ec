import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Manifest } from '../src/inputs/action.ts';
import { actions } from '../src/inputs/actions/actions.ts';
import { configSchema } from '../src/inputs/config/schema.ts';
import type { Definition, Definitions } from '../src/inputs/definition.ts';
import { architectureChart } from './architecture.ts';
import { enumMembers } from './enum-members.ts';
import { cloudFormation, terraform } from './infrastructure.ts';
import { quietTable } from './quiet-table.ts';
import { permissionsTable, EXAMPLE_POLICY, EXAMPLE_TRUST } from './permissions.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * The generated files: the action.yml of every action, the tables in its page, the schema of
 * ecs-ramp.yml, the IAM policy with its table, and the enums that the sandbox checks.
 */
export function generatedDocuments(root = ROOT): ReadonlyMap<string, string> {
  const documents = new Map<string, string>();
  for (const action of actions) {
    documents.set(join(action.folder, 'action.yml'), actionYaml(action));
    if (!existsSync(join(root, action.page))) continue;
    const page = withPart(
      readFileSync(join(root, action.page), 'utf8'),
      'inputs',
      `${inputTables(action)}\n`,
    );
    documents.set(action.page, withPart(page, 'outputs', `${outputTable(action)}\n`));
  }
  documents.set(PERMISSIONS, permissionsPage(readFileSync(join(root, PERMISSIONS), 'utf8')));
  documents.set(JUDGE, withPart(readFileSync(join(root, JUDGE), 'utf8'), 'quiet', `${quietTable(table)}\n`));
  const architecture = readFileSync(join(root, ARCHITECTURE), 'utf8');
  documents.set(ARCHITECTURE, withPart(architecture, 'chart', `\n${architectureChart(root)}\n\n`));
  for (const [name, write] of EXAMPLES) {
    if (existsSync(join(root, name)))
      documents.set(name, write(readFileSync(join(root, name), 'utf8'), withPart));
  }
  documents.set('sandbox/wire/enum-members.json', enumMembers(root));
  documents.set('ecs-ramp.schema.json', `${JSON.stringify(configSchema(), null, 2)}\n`);
  return documents;
}

/**
 * Replaces the text between the lines with <name> and </name>. A text without these lines is
 * unchanged.
 */
function withPart(text: string, name: string, part: string): string {
  const between = new RegExp(`(^.*<${name}>.*\\n)[^]*?(^.*</${name}>)`, 'm');
  return text.replace(between, (_, begin: string, end: string) => `${begin}${part}${end}`);
}

const PERMISSIONS = 'docs/permissions.md';
const JUDGE = 'docs/judge.md';
const ARCHITECTURE = 'docs/architecture.md';
const EXAMPLES = [
  ['examples/infrastructure/cloudformation.yml', cloudFormation],
  ['examples/infrastructure/terraform/roles.tf', terraform],
] as const;

const block = (json: object): string =>
  `\n<!-- prettier-ignore -->\n\`\`\`json\n${JSON.stringify(json, null, 2)}\n\`\`\`\n\n`;

function permissionsPage(text: string): string {
  const parts = {
    policy: block(EXAMPLE_POLICY),
    trust: block(EXAMPLE_TRUST),
    actions: permissionsTable(table),
  };
  return Object.entries(parts).reduce(
    (page, [name, part]) => withPart(page, name, `${part.trimEnd()}\n\n`),
    text,
  );
}

function actionYaml({ title, description, folder, main, post, definitions, outputs }: Manifest): string {
  const dist = folder === '' ? 'dist' : '../dist';
  const parts = [
    { name: title, description, author: 'ecs-ramp', branding: { icon: 'trending-up', color: 'orange' } },
    { inputs: mapped(definitions, asYaml) },
    { outputs: mapped(outputs, (meaning) => ({ description: meaning })) },
    {
      runs: {
        using: 'node24',
        main: `${dist}/${main}.js`,
        ...(post !== null && { post: `${dist}/${post}.js`, 'post-if': 'always()' }),
      },
    },
  ];
  const yaml = parts.map((part) => stringify(part, { lineWidth: 0, singleQuote: true }));
  return ['# Written by script/docs from src/inputs/actions: change it there.\n', ...yaml].join('\n');
}

/**
 * Omits the default: the runner passes defaults like inputs of the workflow, so they could not be
 * distinguished.
 */
function asYaml({ description, required, runnerDefault }: Definition): object {
  return {
    description,
    ...(required !== undefined && { required: true }),
    ...(runnerDefault !== undefined && { default: runnerDefault }),
  };
}

function mapped<T>(values: Readonly<Record<string, T>>, change: (value: T) => object): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** One table per group, with headings if there are several groups. */
function inputTables({ groups }: Manifest): string {
  const all = Object.entries(groups);
  return all
    .map(([heading, group]) => `${all.length > 1 ? `\n### ${heading}\n` : ''}${inputTable(group)}`)
    .join('');
}

function inputTable(group: Definitions): string {
  return table(
    ['Input', 'Meaning', 'Default'],
    Object.entries(group).map(([name, definition]) => inputRow(name, definition)),
  );
}

function inputRow(
  name: string,
  { description, default: byDefault, required }: Definition,
): readonly string[] {
  const [, meaning = description, told = ''] =
    /^(.*) (?:Default: (.*)\.|Required\.)$/.exec(description) ?? [];
  return [`\`${name}\``, meaning, required ? 'required' : byDefault === null ? told : `\`${byDefault}\``];
}

function outputTable({ outputs }: Manifest): string {
  const rows = Object.entries(outputs).map(([name, meaning]) => [`\`${name}\``, meaning]);
  return table(['Output', 'Meaning'], rows);
}

/** Excluded from Prettier, which would pad every cell to the widest. */
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

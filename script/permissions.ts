import { type Need, NEEDS, type Use, USES } from '../src/commands/policy/needs.ts';
import { policyFor } from '../src/commands/policy/policy.ts';
import type { ServiceNames } from '../src/commands/policy/names.ts';
import { trustPolicy } from '../src/commands/policy/trust.ts';

/** The service that the documentation uses as its example. */
export const EXAMPLE: ServiceNames = {
  partition: 'aws',
  region: 'eu-central-1',
  account: '123456789012',
  cluster: 'shop',
  service: 'web',
  family: 'shop-web',
  repository: { name: 'shop/web', builds: true },
  logGroups: ['/shop/web'],
  taskRoles: [
    'arn:aws:iam::123456789012:role/shop-execution',
    'arn:aws:iam::123456789012:role/shop-web-task',
  ],
  infrastructureRole: 'arn:aws:iam::123456789012:role/shop-infrastructure',
  rolling: false,
  privileged: false,
  subnets: [],
  alarms: true,
};

/** Everything that ecs-ramp does with one service. */
const MORE: ReadonlySet<Use> = new Set(['repair', 'clean-up', 'delete-images']);
export const EXAMPLE_USES = USES.filter((use) => !MORE.has(use));
export const EXAMPLE_POLICY = policyFor(EXAMPLE_USES, [EXAMPLE]);
/** Everything that ecs-ramp does in a region. */
export const WHOLE_POLICY = policyFor(USES, [EXAMPLE]);

export const EXAMPLE_TRUST = trustPolicy({
  partition: 'aws',
  account: '123456789012',
  repository: 'OWNER/NAME',
  branches: ['main'],
  environments: ['production'],
});

type Table = (heading: readonly string[], rows: readonly (readonly string[])[]) => string;

/** A table with the purpose of each action. */
export function permissionsTable(table: Table): string {
  return table(['Action', 'For', 'Why', 'Without it'], NEEDS.filter(isOfTheExample).map(rowOf));
}

/** Excludes actions that only a whole cluster requires. */
const isOfTheExample = ({ where = () => true }: Need): boolean => where(EXAMPLE);

/** Adds the name of the statement if several statements have the same action. */
function rowOf({ action, statement, uses, because = '', without = '' }: Need): readonly string[] {
  const statements = new Set(
    NEEDS.filter((need) => need.action === action && isOfTheExample(need)).map((need) => need.statement),
  );
  return [
    `\`${action}\`${statements.size > 1 ? ` in \`${statement}\`` : ''}`,
    EXAMPLE_USES.every((use) => uses.includes(use)) ? 'everything' : uses.join(', '),
    because,
    without,
  ];
}

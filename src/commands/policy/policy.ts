import type { PolicyDocument, Statement } from './document.ts';
import type { ServiceNames } from './names.ts';
import { type Need, NEEDS, type Use } from './needs.ts';
import { oneOrAll, type StatementName, type StatementPlan, STATEMENTS } from './statements.ts';

/** The least privileges for these uses and services. Deterministic. Pure. */
export function policyFor(uses: readonly Use[], services: readonly ServiceNames[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statementNames.flatMap((name) => statementsOf(name, uses, services)),
  };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a literal
const statementNames = Object.keys(STATEMENTS) as readonly StatementName[];

/** Several statements if services require different actions. */
function statementsOf(
  name: StatementName,
  uses: readonly Use[],
  services: readonly ServiceNames[],
): readonly Statement[] {
  const { on, condition }: StatementPlan = STATEMENTS[name];
  const groups = new Map<string, { actions: string[]; resources: string[]; services: ServiceNames[] }>();
  for (const names of services) {
    const resources = on(names);
    const actions = needsOf(uses, names)
      .filter(({ statement }) => statement === name)
      .map(({ action }) => action);
    if (actions.length === 0 || resources.length === 0) continue;
    // Statements on `*` without a condition can be merged.
    const key = resources.includes('*') && condition === undefined ? '*' : actions.join(' ');
    const group = groups.get(key) ?? { actions: [], resources: [], services: [] };
    group.actions.push(...actions);
    group.resources.push(...resources);
    group.services.push(names);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ actions, resources, services: own }, index) => ({
    Sid: index === 0 ? name : `${name}${index + 1}`,
    Effect: 'Allow',
    Action: oneOrAll(actions.toSorted()),
    Resource: oneOrAll(resources),
    ...(condition && { Condition: condition(own) }),
  }));
}

function needsOf(uses: readonly Use[], names: ServiceNames): readonly Need[] {
  return NEEDS.filter(
    (need) => uses.some((use) => need.uses.includes(use)) && (need.where === undefined || need.where(names)),
  );
}

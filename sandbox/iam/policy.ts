/** The supported part of an IAM policy. Anything else causes a PolicyMistake. */
export interface Policy {
  readonly statements: readonly Statement[];
}

interface Statement {
  readonly denies: boolean;
  readonly actions: readonly RegExp[];
  readonly resources: readonly RegExp[];
  readonly conditions: readonly ConditionOnKey[];
}

interface ConditionOnKey {
  readonly key: string;
  /** One of them must match each value of the key. */
  readonly values: readonly RegExp[];
  /** Whether it holds if the call has no such key. */
  readonly holdsWithout: boolean;
}

/** One permission that a call requires. */
export interface Wanted {
  /** `ecs:UpdateService` */
  readonly action: string;
  /** An ARN; `*` for an action without a resource. */
  readonly resource: string;
  /** The values of the condition keys, such as `ecs:cluster`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** The policy is invalid or not supported. The message says what is allowed. */
export class PolicyMistake extends Error {
  override readonly name = 'PolicyMistake';
}

/** Whether a statement allows the permission and none denies it. */
export function allows({ statements }: Policy, wanted: Wanted): boolean {
  const fitting = statements.filter((statement) => fits(statement, wanted));
  return fitting.some(({ denies }) => !denies) && !fitting.some(({ denies }) => denies);
}

function fits({ actions, resources, conditions }: Statement, { action, resource, context = {} }: Wanted) {
  return (
    actions.some((pattern) => pattern.test(action)) &&
    resources.some((pattern) => pattern.test(resource)) &&
    conditions.every(({ key, values, holdsWithout }) => {
      const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
      if (found === undefined) return holdsWithout;
      return [found].flat().every((value) => values.some((pattern) => pattern.test(value)));
    })
  );
}

/** Parses the JSON of an IAM policy. Throws PolicyMistake. */
export function readPolicy(text: string): Policy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PolicyMistake(
      `The policy is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!isObject(json) || json['Version'] !== '2012-10-17')
    throw new PolicyMistake('The policy must be an object with "Version": "2012-10-17".');
  const statements = oneOrMany(json['Statement']);
  if (statements.length === 0) throw new PolicyMistake('The policy has no Statement.');
  return { statements: statements.map((statement, index) => readStatement(statement, index + 1)) };
}

const MEMBERS = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

function readStatement(json: unknown, number: number): Statement {
  const at = `Statement ${number}`;
  if (!isObject(json)) throw new PolicyMistake(`${at} must be an object.`);
  const unknown = Object.keys(json).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined)
    throw new PolicyMistake(
      `${at} has a member ${unknown}: the sandbox supports ${MEMBERS.join(', ')} of an identity-based policy.`,
    );
  const effect = json['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny')
    throw new PolicyMistake(`The Effect of ${at} must be Allow or Deny.`);
  const condition = json['Condition'] ?? {};
  if (!isObject(condition)) throw new PolicyMistake(`The Condition of ${at} must be an object.`);
  return {
    denies: effect === 'Deny',
    actions: texts(json['Action'], `The Action of ${at}`).map((text) => wildcards(text, 'i')),
    resources: texts(json['Resource'], `The Resource of ${at}`).map((text) => wildcards(text)),
    conditions: Object.entries(condition).flatMap(([operator, keys]) => readCondition(operator, keys, at)),
  };
}

/** Operator to the function that matches its values. */
const OPERATORS: Readonly<Record<string, (value: string) => RegExp>> = {
  StringEquals: (value) => new RegExp(`^${RegExp.escape(value)}$`),
  StringLike: (value) => wildcards(value),
  ArnEquals: (value) => wildcards(value),
  ArnLike: (value) => wildcards(value),
};

function readCondition(operator: string, keys: unknown, at: string): readonly ConditionOnKey[] {
  const [, forAll = '', name = '', ifExists = ''] = /^(ForAllValues:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  const match = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (match === undefined || !isObject(keys))
    throw new PolicyMistake(
      `${at} has a condition ${operator}: the sandbox supports ${Object.keys(OPERATORS).join(', ')}, with ForAllValues: before and IfExists after them.`,
    );
  return Object.entries(keys).map(([key, values]) => ({
    key,
    values: texts(values, `The condition ${key} of ${at}`).map((value) => match(value)),
    holdsWithout: forAll !== '' || ifExists !== '',
  }));
}

function wildcards(text: string, flags = ''): RegExp {
  const pattern = text.replaceAll(/[^*?]+/g, (part) => RegExp.escape(part));
  return new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`, flags);
}

function texts(value: unknown, what: string): readonly string[] {
  const found = oneOrMany(value);
  if (found.length === 0 || !found.every((each) => typeof each === 'string'))
    throw new PolicyMistake(`${what} must be a string or a list of strings.`);
  return found;
}

function oneOrMany(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

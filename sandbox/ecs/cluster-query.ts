/** What an expression of the cluster query language can ask about a container instance. */
export interface QuerySubject {
  /** `attribute:NAME`; `null` for an attribute without a value, `undefined` for a missing one. */
  attribute(name: string): string | null | undefined;
  /** `agentConnected`, `ec2InstanceId`, `registeredAt`, `runningTasksCount` and so on. */
  readonly fields: Readonly<Record<string, string>>;
  /** `task:group` of its tasks. */
  readonly taskGroups: readonly string[];
}

export type Query = (subject: QuerySubject) => boolean;

/** The expression is not in the cluster query language. */
export class QueryMistake extends Error {}

/**
 * Reads an expression such as `attribute:ecs.instance-type =~ t3.* and not(task:group ==
 * service:web)`. Throws QueryMistake.
 */
export function parseQuery(expression: string): Query {
  const tokens = expression.match(TOKENS) ?? [];
  let at = 0;
  const peek = () => tokens[at]?.toLowerCase();
  const take = (): string => {
    const token = tokens[at++];
    if (token === undefined) throw new QueryMistake(`Invalid expression: ${expression}`);
    return token;
  };
  const takeOne = (of: readonly string[]): boolean => {
    const found = of.includes(peek() ?? '');
    if (found) at++;
    return found;
  };

  function either(): Query {
    const first = both();
    if (!takeOne(['or', '||'])) return first;
    const rest = either();
    return (subject) => first(subject) || rest(subject);
  }

  function both(): Query {
    const first = negated();
    if (!takeOne(['and', '&&'])) return first;
    const rest = both();
    return (subject) => first(subject) && rest(subject);
  }

  function negated(): Query {
    if (!takeOne(['not', '!'])) return primary();
    const query = negated();
    return (subject) => !query(subject);
  }

  function primary(): Query {
    if (!takeOne(['('])) return comparison();
    const query = either();
    if (!takeOne([')'])) throw new QueryMistake(`Invalid expression: ${expression}`);
    return query;
  }

  function comparison(): Query {
    const subject = take();
    const operator = OPERATORS[peek() ?? ''];
    if (!operator) return (asked) => valuesOf(asked, subject).length > 0;
    at++;
    const wanted = operator.takes === 'nothing' ? [] : operator.takes === 'list' ? list() : [take()];
    return (asked) => operator.holds(valuesOf(asked, subject), wanted);
  }

  function list(): string[] {
    if (!takeOne(['['])) throw new QueryMistake(`Invalid expression: ${expression}`);
    const items: string[] = [];
    while (!takeOne([']'])) {
      items.push(take());
      takeOne([',']);
    }
    return items;
  }

  const query = either();
  if (at < tokens.length) throw new QueryMistake(`Invalid expression: ${expression}`);
  return query;
}

const TOKENS = /\(|\)|\[|\]|,|&&|\|\||=~|!~|==|!=|>=|<=|>|<|!exists|!in|!|[^\s()[\],!=<>~&|]+/gi;

interface Operator {
  readonly takes: 'nothing' | 'value' | 'list';
  /** `values`: of the instance. A missing attribute has none. */
  readonly holds: (values: readonly (string | null)[], wanted: readonly string[]) => boolean;
}

const some = (
  test: (value: string, wanted: readonly string[]) => boolean,
  takes: Operator['takes'] = 'value',
) => ({
  takes,
  holds: (values: readonly (string | null)[], wanted: readonly string[]) =>
    values.some((value) => value !== null && test(value, wanted)),
});
const none = ({ takes, holds }: Operator): Operator => ({
  takes,
  holds: (values, wanted) => !holds(values, wanted),
});

const equals = some((value, [wanted]) => value === wanted);
const isIn = some((value, wanted) => wanted.includes(value), 'list');
const matches = some((value, [wanted = '']) => new RegExp(`^(?:${wanted})$`).test(value));
const exists: Operator = { takes: 'nothing', holds: (values) => values.length > 0 };
const compared = (test: (difference: number) => boolean) =>
  some((value, [wanted = '']) => test(value.localeCompare(wanted, 'en', { numeric: true })));

const greater = compared((difference) => difference > 0);
const less = compared((difference) => difference < 0);

const OPERATORS: Readonly<Record<string, Operator>> = {
  '==': equals,
  equals,
  '!=': none(equals),
  not_equals: none(equals),
  '>': greater,
  greater_than: greater,
  '>=': none(less),
  greater_than_equal: none(less),
  '<': less,
  less_than: less,
  '<=': none(greater),
  less_than_equal: none(greater),
  exists,
  '!exists': none(exists),
  not_exists: none(exists),
  in: isIn,
  '!in': none(isIn),
  not_in: none(isIn),
  '=~': matches,
  matches,
  '!~': none(matches),
  not_matches: none(matches),
};

function valuesOf(subject: QuerySubject, name: string): readonly (string | null)[] {
  if (name === 'task:group') return subject.taskGroups;
  if (name.startsWith('attribute:')) {
    const value = subject.attribute(name.slice('attribute:'.length));
    return value === undefined ? [] : [value];
  }
  const field = subject.fields[name];
  if (field === undefined) throw new QueryMistake(`Unknown subject ${name}`);
  return [field];
}

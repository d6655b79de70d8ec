import type { Rule, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';

/** What a listener rule requires of a request. All conditions must hold. */
export interface RuleConditions {
  readonly hosts: readonly TextCondition[];
  readonly paths: readonly TextCondition[];
  readonly headers: readonly (TextCondition & { readonly name: string })[];
  /** `null` when every method is accepted. */
  readonly methods: readonly string[] | null;
  readonly queries: readonly (readonly QueryCondition[])[];
}

/** One of these must match. */
export interface TextCondition {
  /** `*` stands for any characters, `?` for any one; a backslash escapes them. */
  readonly patterns: readonly string[];
  readonly regexes: readonly string[];
}

export interface QueryCondition {
  readonly key: string | null;
  readonly value: string;
}

export function conditionsOf({ Conditions: conditions = [] }: Rule): RuleConditions {
  const of = (field: string) => conditions.filter(({ Field }) => Field === field);
  const methods = of('http-request-method').flatMap(
    ({ HttpRequestMethodConfig, Values }) => HttpRequestMethodConfig?.Values ?? Values ?? [],
  );
  return {
    hosts: of('host-header').map((condition) => textCondition(condition, condition.HostHeaderConfig)),
    paths: of('path-pattern').map((condition) => textCondition(condition, condition.PathPatternConfig)),
    headers: of('http-header').map((condition) => ({
      name: condition.HttpHeaderConfig?.HttpHeaderName ?? '',
      ...textCondition(condition, condition.HttpHeaderConfig),
    })),
    methods: methods.length === 0 ? null : methods,
    queries: of('query-string').map(({ QueryStringConfig }) =>
      (QueryStringConfig?.Values ?? []).map(({ Key = null, Value = '' }) => ({ key: Key, value: Value })),
    ),
  };
}

function textCondition(
  { Values }: RuleCondition,
  config: { readonly Values?: string[] | undefined; readonly RegexValues?: string[] | undefined } = {},
): TextCondition {
  return { patterns: config.Values ?? Values ?? [], regexes: config.RegexValues ?? [] };
}

/** Whether every condition has a pattern that matches. Paths are case-sensitive, the rest is not. */
export function acceptedBy(
  conditions: readonly TextCondition[],
  text: string,
  { caseSensitive = false } = {},
): boolean {
  const flags = caseSensitive ? 's' : 'is';
  return conditions.every(
    ({ patterns, regexes }) =>
      patterns.some((pattern) => new RegExp(`^${wildcardSource(pattern)}$`, flags).test(text)) ||
      regexes.some((regex) => matchesRegex(regex, flags, text)),
  );
}

export function acceptsQuery(alternatives: readonly QueryCondition[], query: URLSearchParams): boolean {
  return alternatives.some(({ key, value }) =>
    [...query].some(
      ([givenKey, givenValue]) => (key === null || isLike(key, givenKey)) && isLike(value, givenValue),
    ),
  );
}

/** A text that matches the pattern. */
export function exampleOf(pattern: string): string {
  return pattern.replaceAll(/\\([*?\\])|[*?]/g, (token, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    return token === '*' ? 'ecs-ramp' : 'x';
  });
}

export function hasWildcard(pattern: string): boolean {
  return /[*?]/.test(pattern.replaceAll(/\\[*?\\]/g, ''));
}

function isLike(pattern: string, text: string): boolean {
  return new RegExp(`^${wildcardSource(pattern)}$`, 'is').test(text);
}

function wildcardSource(pattern: string): string {
  return pattern.replaceAll(/\\[*?\\]|[\\^$.*+?()[\]{}|]/g, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return `\\${token.at(-1)}`;
  });
}

/** AWS's regular expressions may have syntax that JavaScript does not know: these match nothing here. */
function matchesRegex(regex: string, flags: string, text: string): boolean {
  try {
    return new RegExp(regex, flags).test(text);
  } catch {
    return false;
  }
}

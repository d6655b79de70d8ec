import type { SmokeTest } from '../../../core/request.ts';
import { acceptedBy, acceptsQuery, exampleOf, hasWildcard, type RuleConditions } from './rule-conditions.ts';

/** The test listener and its rule, as read from AWS. */
export interface TestListener {
  readonly secure: boolean;
  /** DNS names of its certificates; `null` when none could be read. */
  readonly certificateNames: readonly string[] | null;
  readonly rule: RuleConditions;
  /** The names that users ask for, by the production rule. */
  readonly production: RuleConditions;
}

/** How a request must look to reach the new revision through the test rule. */
export interface TestAddress {
  /** The Host header; `null` when any is accepted. */
  readonly host: string | null;
  /** The name for which the certificate must be valid; `null` for HTTP. */
  readonly serverName: string | null;
  /** Headers that the rule requires. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Returns `null` when no name is known that the certificate and the rule accept. */
export function testAddress(listener: TestListener): TestAddress | null {
  const names = namesFor(listener);
  return names && { ...names, headers: headersFor(listener.rule) };
}

export function headersFor({ headers }: RuleConditions): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers.flatMap(({ name, patterns: [pattern] }) =>
      pattern === undefined ? [] : [[name.toLowerCase(), exampleOf(pattern)]],
    ),
  );
}

function namesFor({
  secure,
  certificateNames,
  rule,
  production,
}: TestListener): Pick<TestAddress, 'host' | 'serverName'> | null {
  const requiresHost = rule.hosts.length > 0;
  const accepted = [
    ...exactNames(rule),
    ...exactNames(production),
    ...(certificateNames ?? []).filter((name) => !hasWildcard(name)),
    ...patternsOf(rule).map(exampleOf),
    ...(certificateNames ?? []).map(exampleOf),
  ].filter((name) => acceptedBy(rule.hosts, name));
  if (!secure) {
    if (!requiresHost) return { host: null, serverName: null };
    return accepted[0] === undefined ? null : { host: accepted[0], serverName: null };
  }
  if (certificateNames === null) {
    const [name] = exactNames(rule);
    return name === undefined ? null : { host: name, serverName: name };
  }
  const both = accepted.find((name) => isCovered(name, certificateNames));
  if (both !== undefined) return { host: both, serverName: both };
  // A proxy in front of the load balancer may ask for one name and send another as the Host header.
  const [serverName] = certificateNames.toSorted((a, b) => Number(hasWildcard(a)) - Number(hasWildcard(b)));
  if (serverName === undefined || accepted[0] === undefined) return null;
  return { host: accepted[0], serverName: exampleOf(serverName) };
}

function exactNames(rule: RuleConditions): string[] {
  return patternsOf(rule).filter((pattern) => !hasWildcard(pattern));
}

function patternsOf({ hosts }: RuleConditions): string[] {
  return hosts.flatMap(({ patterns }) => patterns);
}

/** In certificates, `*.` stands for exactly one label. */
function isCovered(name: string, certificateNames: readonly string[]): boolean {
  const asked = name.toLowerCase();
  const parent = `*${asked.slice(asked.indexOf('.'))}`;
  return certificateNames.some((covered) => [asked, parent].includes(covered.toLowerCase()));
}

/** Why smoke tests would not reach the new revision through the test rule. */
export function unmatched(rule: RuleConditions, tests: readonly SmokeTest[]): string[] {
  const problems: string[] = [];
  if (rule.methods !== null && !rule.methods.includes('GET')) {
    problems.push(
      `smoke-test sends GET requests, but the test listener rule accepts only ${rule.methods.join(', ')}: allow GET in its http-request-method condition.`,
    );
  }
  for (const { name, patterns } of rule.headers) {
    if (patterns.length > 0) continue;
    problems.push(
      `smoke-test cannot send the header ${name} that the test listener rule requires, because the rule describes it by a regular expression: add a plain value to its http-header condition.`,
    );
  }
  for (const { path } of tests) {
    const { pathname, search } = splitPath(path);
    for (const condition of rule.paths) {
      if (acceptedBy([condition], pathname, { caseSensitive: true })) continue;
      problems.push(
        `smoke-test ${path} does not match the path-pattern condition of the test listener rule (${[...condition.patterns, ...condition.regexes].join(', ')}), so the load balancer would not send it to the new revision: write a path that matches.`,
      );
    }
    for (const alternatives of rule.queries) {
      if (acceptsQuery(alternatives, new URLSearchParams(search))) continue;
      problems.push(
        `smoke-test ${path} does not match the query-string condition of the test listener rule, so the load balancer would not send it to the new revision: add ${alternatives.map(({ key, value }) => `?${key ?? 'KEY'}=${value}`).join(' or ')} to the path.`,
      );
    }
  }
  return problems;
}

function splitPath(path: string): { readonly pathname: string; readonly search: string } {
  const [pathname = '', search = ''] = path.split(/\?(.*)/s);
  return { pathname, search };
}

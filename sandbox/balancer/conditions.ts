import { BlockList, isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { RuleCondition } from '../ports.ts';

export type Matches = (request: IncomingMessage) => boolean;

/**
 * True when every condition matches with one of its values. A rule without conditions (the default
 * rule) always matches.
 */
export function compileConditions(conditions: readonly RuleCondition[]): Matches {
  const all = conditions.map(compile);
  return (request) => all.every((matches) => matches(request));
}

function compile({ field, header, values }: RuleCondition): Matches {
  const texts = values.map(({ value }) => value);
  const patterns = (flags: string) => anyOf(texts.map((text) => wildcard(text, flags)));
  const compilers: Readonly<Record<typeof field, () => Matches>> = {
    'path-pattern': () => {
      const matches = patterns('');
      return (request) => matches(pathOf(request));
    },
    'host-header': () => {
      const matches = patterns('i');
      return (request) => matches(hostOf(request));
    },
    'http-header': () => {
      const matches = patterns('i');
      const name = header!.toLowerCase();
      return ({ headers }) => [headers[name] ?? []].flat().some(matches);
    },
    'http-request-method': () => {
      return ({ method }) => texts.includes(method!);
    },
    'query-string': () => {
      const pairs = values.map(({ key, value }) => ({
        key: wildcard(key ?? '*', 'i'),
        value: wildcard(value, 'i'),
      }));
      return (request) =>
        queryOf(request).some((given) =>
          pairs.some(({ key, value }) => key.test(given.key) && value.test(given.value)),
        );
    },
    'source-ip': () => compileSources(texts),
  };
  return compilers[field]();
}

function anyOf(patterns: readonly RegExp[]): (text: string) => boolean {
  return (text) => patterns.some((pattern) => pattern.test(text));
}

function compileSources(ranges: readonly string[]): Matches {
  const sources = new BlockList();
  for (const range of ranges) {
    const [address, prefix] = range.split('/');
    sources.addSubnet(address!, Number(prefix ?? 32), isIPv6(address!) ? 'ipv6' : 'ipv4');
  }
  return ({ socket }) => {
    const address = socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
    return sources.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  };
}

/** `*` matches any characters, `?` any one character; a backslash escapes them. */
function wildcard(pattern: string, flags: string): RegExp {
  const source = pattern.replace(/\\[*?\\]|[\\^$.*+?()[\]{}|]/g, (token) => {
    if (token === '*') return '.*';
    if (token === '?') return '.';
    return `\\${token.at(-1)}`;
  });
  return new RegExp(`^${source}$`, `s${flags}`);
}

export function pathOf({ url }: IncomingMessage): string {
  return url!.split('?', 1)[0]!;
}

export function schemeOf({ socket }: IncomingMessage): 'http' | 'https' {
  return 'encrypted' in socket ? 'https' : 'http';
}

/** The host without the port. */
export function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

export function queryStringOf({ url }: IncomingMessage): string {
  const mark = url!.indexOf('?');
  return mark === -1 ? '' : url!.slice(mark + 1);
}

function queryOf(request: IncomingMessage): { key: string; value: string }[] {
  return queryStringOf(request)
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...value] = pair.split('=');
      return { key, value: value.join('=') };
    });
}

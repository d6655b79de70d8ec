import type { Environment } from './environment.ts';
import { UserError } from './failure.ts';
import { Secret } from './secrecy/secret.ts';
import { urlPasswords } from './secrecy/url-passwords.ts';

/** The proxies for requests. A URL may contain a password. */
export interface ProxySettings {
  readonly http: Secret | null;
  readonly https: Secret | null;
  /** What is asked directly, in the form that Node accepts. */
  readonly direct: string;
}

/** The proxies in the form that Node accepts. */
export function proxyVariables({ http, https, direct }: ProxySettings): Readonly<Record<string, string>> {
  return {
    ...(http !== null && { http_proxy: http.reveal() }),
    ...(https !== null && { https_proxy: https.reveal() }),
    no_proxy: direct,
  };
}

/**
 * The proxies that the variables name: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, except for the hosts
 * of NO_PROXY. The lower case wins, as in curl. `null` for none. Throws UserError for a value that
 * is not the URL of an HTTP proxy, without showing it.
 */
export function proxiesIn(env: Environment): ProxySettings | null {
  const problems: string[] = [];
  const named = (...names: readonly string[]): Secret | null => {
    const name = names.flatMap((each) => [each.toLowerCase(), each]).find((each) => env[each]?.trim());
    if (name === undefined) return null;
    const value = env[name]!.trim();
    const url = URL.parse(value.includes('://') ? value : `http://${value}`);
    if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '') return new Secret(url.href);
    const problem = `${name}: the value is not the URL of an HTTP proxy. Write http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded.`;
    if (!problems.includes(problem)) problems.push(problem);
    return null;
  };
  const [https, http] = [named('HTTPS_PROXY', 'ALL_PROXY'), named('HTTP_PROXY', 'ALL_PROXY')];
  if (problems.length > 0) throw new UserError(problems);
  const direct = (env['no_proxy'] || env['NO_PROXY'] || '').split(/[\s,]+/).filter((entry) => entry !== '');
  if ((https ?? http) === null || direct.includes('*')) return null;
  return { http, https, direct: [...direct.flatMap(asNodeHasIt), ...NEVER_PROXIED].join(',') };
}

/** This machine, and where AWS's machines and containers find their credentials. */
const NEVER_PROXIED = [
  'localhost',
  '127.0.0.1',
  '127.0.0.0-127.255.255.255',
  '::1',
  '[::1]',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  '[fd00:ec2::254]',
  'fd00:ec2::23',
  '[fd00:ec2::23]',
];

/** In NO_PROXY, a domain also stands for its subdomains, and a network for its addresses. */
function asNodeHasIt(entry: string): readonly string[] {
  const [, address, bits] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(entry) ?? [];
  if (address !== undefined && Number(bits) <= 32) return [rangeOf(address, Number(bits))];
  const isDomain = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?(?::\d+)?$/i.test(entry) && !/^[\d.:]+$/.test(entry);
  return isDomain ? [entry, `.${entry}`] : [entry];
}

function rangeOf(address: string, bits: number): string {
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(number / size) * size;
  return `${addressOf(first)}-${addressOf(first + size - 1)}`;
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/**
 * Sends the requests of this process through the proxies that the variables name, except those of
 * the AWS clients, which get their proxies as options. Returns a warning if this Node cannot do it,
 * otherwise `null`. Throws UserError as `proxiesIn` does.
 */
export function useProxies(env: Environment): string | null {
  const proxies = proxiesIn(env);
  if (proxies === null) return null;
  // Most jobs have no proxy, and loading this module takes a third of the time to start.
  const http = process.getBuiltinModule('node:http');
  if ('setGlobalProxyFromEnv' in http) {
    http.setGlobalProxyFromEnv({ ...proxyVariables(proxies) });
    return null;
  }
  // An older Node reads the variables itself, if this one was set when it started.
  if (env['NODE_USE_ENV_PROXY'] === '1') return null;
  return `A proxy is set, but Node.js ${process.version} sends only the requests to AWS through it. For all others, set NODE_USE_ENV_PROXY: 1 in env, or use a runner with Node.js 24.14 or later.`;
}

/** The passwords in the URLs of the proxies, as they are written there and decoded. */
export function proxyPasswords(env: Environment): readonly string[] {
  const { http, https } = proxiesIn(env) ?? {};
  return [http, https].flatMap((proxy) => urlPasswords(proxy?.reveal() ?? ''));
}

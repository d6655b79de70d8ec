import { describe, expect, test } from '@jest/globals';
import { proxiesIn, proxyPasswords, proxyVariables } from '../../../src/core/proxy.ts';

const URL_OF_PROXY = 'http://proxy.example.com:3128/';
const directHosts = (no_proxy: string) =>
  proxiesIn({ HTTPS_PROXY: URL_OF_PROXY, no_proxy })?.direct.split(',') ?? null;

describe('the proxies that variables name', () => {
  test.each([
    [{}, null],
    [{ HTTPS_PROXY: '', https_proxy: ' ' }, null],
    [{ HTTPS_PROXY: URL_OF_PROXY }, { https_proxy: URL_OF_PROXY }],
    [{ HTTPS_PROXY: 'http://other.example.com', https_proxy: URL_OF_PROXY }, { https_proxy: URL_OF_PROXY }],
    [{ HTTP_PROXY: URL_OF_PROXY }, { http_proxy: URL_OF_PROXY }],
    [{ ALL_PROXY: URL_OF_PROXY }, { http_proxy: URL_OF_PROXY, https_proxy: URL_OF_PROXY }],
    [{ https_proxy: 'proxy.example.com:3128' }, { https_proxy: URL_OF_PROXY }],
    [
      { ALL_PROXY: 'socks5://s.example.com', HTTP_PROXY: URL_OF_PROXY, HTTPS_PROXY: URL_OF_PROXY },
      { http_proxy: URL_OF_PROXY, https_proxy: URL_OF_PROXY },
    ],
    [{ HTTPS_PROXY: URL_OF_PROXY, NO_PROXY: '*' }, null],
  ])('%j', (env, expected) => {
    const found = proxiesIn(env);
    const { no_proxy: _, ...variables } = found === null ? {} : proxyVariables(found);
    expect(found === null ? null : variables).toEqual(expected);
  });

  test('this machine and the credentials of machines and containers are never proxied', () => {
    expect(directHosts('')).toEqual(
      expect.arrayContaining(['localhost', '127.0.0.1', '169.254.169.254', '169.254.170.2']),
    );
  });

  test('a domain stands for its subdomains, a network for its addresses', () => {
    expect(directHosts('internal, .corp.example.com 10.1.0.0/16,db.example.com:5432,10.2.3.4')).toEqual(
      expect.arrayContaining([
        'internal',
        '.internal',
        '.corp.example.com',
        '10.1.0.0-10.1.255.255',
        'db.example.com:5432',
        '.db.example.com:5432',
        '10.2.3.4',
      ]),
    );
    expect(directHosts('10.200.0.0/9')).toContain('10.128.0.0-10.255.255.255');
  });

  test.each(['http://', 'socks5://s.example.com:1080', 'http://u:hunter2@:3128', 'http://a b', '://x'])(
    'a value that is no URL of an HTTP proxy is a mistake, and is not shown: %s',
    (value) => {
      const reading = () => proxiesIn({ https_proxy: value });
      expect(reading).toThrow(
        /^https_proxy: the value is not the URL of an HTTP proxy\. Write http:\/\/HOST:PORT/,
      );
      expect(reading).not.toThrow('hunter2');
    },
  );

  test('its password is a secret', () => {
    expect(proxyPasswords({ HTTPS_PROXY: 'http://u:hunter%32@p.example.com' })).toEqual([
      'hunter%32',
      'hunter2',
    ]);
    expect(proxyPasswords({ HTTPS_PROXY: URL_OF_PROXY })).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { delimiter, dirname, join } from 'node:path';
import { proxyBuildArgs, readDockerConfig } from '../../../src/image/docker-config.ts';
import { findLogin } from '../../../src/image/docker-login.ts';
import { connectDocker, connectEngine } from '../../../src/image/engine.ts';
import { registryFor } from '../../../src/image/registry.ts';
import { portOf } from '../../sandbox/balancer-rig.ts';
import { createAuthority } from '../../support/certificates.ts';
import { revealed } from '../../support/revealed.ts';

/** Docker's own configuration: what the docker command would use. */

const VARIABLES = [
  'DOCKER_HOST',
  'DOCKER_CONTEXT',
  'DOCKER_CONFIG',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_AUTH_CONFIG',
  'PATH',
];
const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
let folder: string;
let servers: http.Server[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-docker-config-'));
  servers = [];
  for (const name of VARIABLES) if (name !== 'PATH') delete process.env[name];
  process.env['DOCKER_CONFIG'] = folder;
});

afterEach(async () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await rm(folder, { recursive: true });
});

async function write(path: string, content: string | object): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
}

const configure = (config: object | string) => write('config.json', config);

const base64 = (text: string) => Buffer.from(text).toString('base64');

const login = async (host: string) =>
  revealed(await findLogin(await readDockerConfig(process.env), host, process.env));

/** A helper that records the input, the arguments and the environment that it gets. */
async function helper(name: string, script: string): Promise<void> {
  const path = join(folder, `docker-credential-${name}`);
  await writeFile(
    path,
    `#!/bin/sh\nread -r server\necho "$1 $server $INPUT_SECRET" >> "${folder}/asked"\n${script}\n`,
  );
  await chmod(path, 0o755);
  process.env['PATH'] = `${folder}${delimiter}${before['PATH']}`;
}
const asked = () => readFile(join(folder, 'asked'), 'utf8');
const credentials = (Username: string, Secret: string) => `echo '${JSON.stringify({ Username, Secret })}'`;

const pong: http.RequestListener = (_, response) => void response.end('OK');

const connect = () => connectEngine(() => connectDocker(process.env));

/** An engine that answers pings. Returns its port, or its address for a socket. */
async function engine(at: string | null, tls: https.ServerOptions | null = null): Promise<number> {
  const server = tls === null ? http.createServer(pong) : https.createServer(tls, pong);
  servers.push(server);
  await new Promise<void>(
    (resolve) => void (at === null ? server.listen(0, '127.0.0.1', resolve) : server.listen(at, resolve)),
  );
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function context(name: string, docker: object, files: Readonly<Record<string, string>> = {}) {
  const id = createHash('sha256').update(name).digest('hex');
  await write(`contexts/meta/${id}/meta.json`, { Name: name, Metadata: {}, Endpoints: { docker } });
  for (const [file, content] of Object.entries(files))
    await write(`contexts/tls/${id}/docker/${file}`, content);
}

describe('the login of a registry', () => {
  test.each([
    ['ghcr.io', 'ghcr.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['http://registry.example.com:5000/v1/', 'registry.example.com:5000'],
    ['https://index.docker.io/v1/', 'registry-1.docker.io'],
    ['docker.io', 'registry-1.docker.io'],
    ['registry-1.docker.io', 'registry-1.docker.io'],
  ])('stored as %s is for %s', async (stored, host) => {
    await configure({ auths: { [stored]: { auth: base64('anna:pass:word') } } });
    expect(await login(host)).toEqual({ username: 'anna', password: 'pass:word' });
    expect(await login('other.example.com')).toBeNull();
  });

  test.each([
    ['username and password', { username: 'anna', password: 'x' }, { username: 'anna', password: 'x' }],
    ['an identity token', { auth: base64('0000:'), identitytoken: 'T' }, { username: '', password: 'T' }],
    ['padding at the end', { auth: base64('anna:x\0\0') }, { username: 'anna', password: 'x' }],
    ['nothing', {}, null],
  ])('with %s is read', async (_, stored, expected) => {
    await configure({ auths: { 'ghcr.io': stored } });
    expect(await login('ghcr.io')).toEqual(expected);
  });

  test('can come from the variable DOCKER_AUTH_CONFIG', async () => {
    process.env['DOCKER_AUTH_CONFIG'] = JSON.stringify({ auths: { 'ghcr.io': { auth: base64('anna:x') } } });
    expect(await login('ghcr.io')).toEqual({ username: 'anna', password: 'x' });
  });

  describe('from a credential helper', () => {
    test('of the registry is used before all others, and does not see the inputs', async () => {
      process.env['INPUT_SECRET'] = 'hunter2';
      await helper('ecr-login', credentials('AWS', 'token'));
      await configure({
        auths: { 'ghcr.io': { auth: base64('anna:x') } },
        credHelpers: { 'ghcr.io': 'ecr-login' },
        credsStore: 'missing',
      });
      expect(await login('ghcr.io')).toEqual({ username: 'AWS', password: 'token' });
      expect(await asked()).toBe('get ghcr.io \n');
      delete process.env['INPUT_SECRET'];
    });

    test('of all registries is used, with the name of Docker Hub as docker login stores it', async () => {
      await helper('pass', credentials('anna', 'x'));
      await configure({ credsStore: 'pass', auths: { 'https://index.docker.io/v1/': {} } });
      expect(await login('registry-1.docker.io')).toEqual({ username: 'anna', password: 'x' });
      expect(await asked()).toBe('get https://index.docker.io/v1/ \n');
    });

    test('may return an identity token', async () => {
      await helper('acr', credentials('<token>', 'T'));
      await configure({ credHelpers: { 'shop.azurecr.io': 'acr' } });
      expect(await login('shop.azurecr.io')).toEqual({ username: '', password: 'T' });
    });

    test('that knows no credentials means anonymous access', async () => {
      await helper('pass', 'echo "credentials not found in native keychain"; exit 1');
      await configure({ credsStore: 'pass' });
      expect(await login('ghcr.io')).toBeNull();
    });

    test.each([
      [
        'fails',
        'echo "no session"; exit 1',
        /docker-credential-pass returned no credentials for ghcr\.io \(no session\)/,
      ],
      [
        'prints something else',
        'echo secret-text',
        /^The output of docker-credential-pass is not valid JSON/,
      ],
    ])('that %s is named', async (_, script, expected) => {
      await helper('pass', script);
      await configure({ credsStore: 'pass' });
      await expect(login('ghcr.io')).rejects.toThrow(expected);
      await expect(login('ghcr.io')).rejects.not.toThrow(/secret-text/);
    });

    test('that is not installed is named', async () => {
      await configure({ credHelpers: { 'ghcr.io': 'absent' } });
      await expect(login('ghcr.io')).rejects.toThrow(
        /gets the credentials for ghcr\.io from docker-credential-absent, which is not on PATH: install it/,
      );
      expect(await login('other.example.com')).toBeNull();
    });
  });

  test.each(['{"auths": {"ghcr.io": "hunter2"', '[]', 'null'])(
    'in a malformed configuration is an error that does not show it (%s)',
    async (text) => {
      await configure(text);
      const { message } = await login('ghcr.io').then(
        () => new Error('none'),
        (reason: Error) => reason,
      );
      expect(message).toMatch(
        /config\.json is not (valid JSON|a JSON object): correct Docker's configuration/,
      );
      expect(message).not.toContain('hunter2');
    },
  );
});

test('an identity token is exchanged for a token of the registry', async () => {
  const exchanged: URLSearchParams[] = [];
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    if (request.method === 'POST') {
      exchanged.push(new URLSearchParams(await text(request)));
      response.end(JSON.stringify({ access_token: 'short' }));
    } else if (request.headers.authorization === 'Bearer short') response.end('{"schemaVersion":2}');
    else {
      const challenge = `Bearer realm="http://${request.headers.host}/oauth2/token",service="shop"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  };
  const server = http.createServer((request, response) => void answer(request, response));
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const registry = `127.0.0.1:${portOf(server)}`;
  await configure({ auths: { [registry]: { auth: base64('0000:'), identitytoken: 'long' } } });
  const target = { repository: 'shop/web', registry, username: null, password: null };
  const access = await registryFor(target, () => Promise.reject(new Error('no ECR here')));
  expect(await access.digestOf('v1')).toMatch(/^sha256:/);
  expect(Object.fromEntries(exchanged[0]!)).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: 'long',
    service: 'shop',
    scope: 'repository:shop/web:pull',
  });
});

describe('the proxies of builds', () => {
  const proxies = {
    default: { httpProxy: 'http://proxy:3128', httpsProxy: 'http://proxy:3128', noProxy: '.local' },
    'tcp://build:2375': { allProxy: 'socks5://other' },
  };

  test('are build arguments in both cases', () => {
    expect(proxyBuildArgs({ proxies }, 'unix:///var/run/docker.sock')).toEqual({
      HTTP_PROXY: 'http://proxy:3128',
      http_proxy: 'http://proxy:3128',
      HTTPS_PROXY: 'http://proxy:3128',
      https_proxy: 'http://proxy:3128',
      NO_PROXY: '.local',
      no_proxy: '.local',
    });
  });

  test('leave out, in both cases, what the workflow gives in either', () => {
    const address = 'unix:///var/run/docker.sock';
    const names = (given: Record<string, string>): string[] =>
      Object.keys(proxyBuildArgs({ proxies }, address, given));
    expect(names({ no_proxy: '.own' })).toEqual(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']);
    expect(names({ HTTP_PROXY: '', Https_Proxy: 'http://own' })).toEqual(['NO_PROXY', 'no_proxy']);
  });

  test('can belong to one engine', () => {
    expect(proxyBuildArgs({ proxies }, 'tcp://build:2375')).toEqual({
      ALL_PROXY: 'socks5://other',
      all_proxy: 'socks5://other',
    });
    expect(proxyBuildArgs({}, 'tcp://build:2375')).toEqual({});
  });
});

describe('the engine', () => {
  test('is that of the current context', async () => {
    const port = await engine(null);
    await context('remote', { Host: `tcp://127.0.0.1:${port}` });
    await configure({ currentContext: 'remote' });
    expect(await connect()).toMatchObject({ address: `tcp://127.0.0.1:${port}` });
  });

  test('is that of DOCKER_CONTEXT before the current one, also over a socket', async () => {
    const socket = join(folder, 'engine.sock');
    await engine(socket);
    await context('local', { Host: `unix://${socket}` });
    await configure({ currentContext: 'gone' });
    process.env['DOCKER_CONTEXT'] = 'local';
    expect(await connect()).toMatchObject({ address: `unix://${socket}` });
  });

  test('is that of DOCKER_HOST before all contexts', async () => {
    const port = await engine(null);
    process.env['DOCKER_CONTEXT'] = 'gone';
    process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${port}`;
    expect(await connect()).toMatchObject({ address: `tcp://127.0.0.1:${port}` });
  });

  test('of the context default is the default one', async () => {
    await configure({ currentContext: 'remote' });
    process.env['DOCKER_CONTEXT'] = 'default';
    const error = await connect().catch((reason: Error) => reason);
    // It answers on machines with an engine.
    expect(error).toMatchObject(
      error instanceof Error
        ? { message: expect.stringMatching(/at unix:\/\/\/var\/run\/docker\.sock \(/) }
        : { address: 'unix:///var/run/docker.sock' },
    );
  });

  test('of a context that does not exist is an error that names it', async () => {
    await configure({ currentContext: 'gone' });
    await expect(connect()).rejects.toThrow(
      /^currentContext names the Docker context "gone", which does not exist in .*contexts: create it \(docker context create gone\)/,
    );
  });

  test('that does not answer is named with what chose it', async () => {
    await context('remote', { Host: 'tcp://127.0.0.1:1' });
    process.env['DOCKER_CONTEXT'] = 'remote';
    await expect(connect()).rejects.toThrow(
      /No Docker engine answers at tcp:\/\/127\.0\.0\.1:1, by the Docker context "remote" \(.*ECONNREFUSED/,
    );
  });

  test.each(['DOCKER_HOST', 'context'])('over ssh is refused with a fix (%s)', async (way) => {
    if (way === 'DOCKER_HOST') process.env['DOCKER_HOST'] = 'ssh://anna@build';
    else {
      await context('remote', { Host: 'ssh://anna@build' });
      await configure({ currentContext: 'remote' });
    }
    await expect(connect()).rejects.toThrow(
      /cannot connect to the Docker engine at ssh:\/\/build, by .*: forward the socket .*ssh -L/,
    );
  });

  test.each(['context', 'DOCKER_CERT_PATH'])(
    'over TLS gets the certificates of %s and is verified',
    async (way) => {
      const authority = await createAuthority();
      const [server, client] = [await authority.issue('localhost'), await authority.issue('client')];
      const port = await engine(null, {
        key: server.private,
        cert: server.cert,
        ca: authority.certificate,
        requestCert: true,
        rejectUnauthorized: true,
      });
      const files = { 'ca.pem': authority.certificate, 'cert.pem': client.cert, 'key.pem': client.private };
      const Host = `tcp://localhost:${port}`;
      if (way === 'context') {
        await context('secure', { Host }, files);
        process.env['DOCKER_CONTEXT'] = 'secure';
      } else {
        for (const [name, content] of Object.entries(files)) await write(`certs/${name}`, content);
        process.env['DOCKER_CERT_PATH'] = join(folder, 'certs');
        process.env['DOCKER_TLS_VERIFY'] = 'yes';
        process.env['DOCKER_HOST'] = Host;
      }
      expect(await connect()).toMatchObject({ address: Host });
      const stranger = await createAuthority();
      if (way === 'context') await context('secure', { Host }, { ...files, 'ca.pem': stranger.certificate });
      else await write('certs/ca.pem', stranger.certificate);
      await expect(connect()).rejects.toThrow(
        /No Docker engine answers at tcp:\/\/localhost:\d+, by .*certificate/,
      );
    },
  );
});

import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { RuleCondition } from '../../sandbox/ports.ts';
import { createRig, forwardTo, freePort, group, portOf, send } from './balancer-rig.ts';

let rig = createRig();
afterEach(async () => {
  await rig.close();
  rig = createRig();
});

const named =
  (name: string): http.RequestListener =>
  (_, response) =>
    void response.end(name);

describe('the choice of a target', () => {
  test('sends a tenth of 5,000 requests to a group with a tenth of the weight', async () => {
    const blue = await rig.startTarget(named('blue'));
    const green = await rig.startTarget(named('green'));
    const port = await rig.serve([
      forwardTo([group('blue', [blue], { weight: 90 }), group('green', [green], { weight: 10 })]),
    ]);
    const replies = await Promise.all(Array.from({ length: 5_000 }, () => send(port, { agent: rig.agent })));

    const toGreen = replies.filter(({ body }) => body === 'green').length;
    // Five standard deviations: fails by chance once in two million runs.
    expect(Math.abs(toGreen - 500)).toBeLessThan(5 * Math.sqrt(5_000 * 0.1 * 0.9));
    expect(rig.count('RequestCount', 'green')).toBe(toGreen);
    expect(rig.count('RequestCount', 'blue')).toBe(5_000 - toGreen);
    expect(rig.count('RequestCount')).toBe(5_000);
    expect(rig.count('HTTPCode_Target_2XX_Count')).toBe(5_000);
    expect(rig.count('TargetResponseTime', 'green')).toBe(toGreen);
  }, 60_000);

  test('alternates between the targets of a group', async () => {
    const targets = await Promise.all(['a', 'b', 'c'].map((name) => rig.startTarget(named(name))));
    const port = await rig.serve([forwardTo([group('blue', targets)])]);
    let order = '';
    for (let i = 0; i < 6; i++) order += (await send(port)).body;
    expect(order).toMatch(/^(abcabc|bcabca|cabcab)$/);
  });

  test('keeps a client with the group cookie in its group, even at weight zero', async () => {
    const blue = await rig.startTarget(named('blue'));
    const green = await rig.startTarget(named('green'));
    const weights = (toBlue: number) =>
      forwardTo(
        [group('blue', [blue], { weight: toBlue }), group('green', [green], { weight: 100 - toBlue })],
        60_000,
      );
    const port = await rig.serve([weights(100)]);
    const first = await send(port);
    const cookie = cookieOf(first.headers, 'AWSALBTG');
    await rig.serve([weights(0)], { port });
    expect((await send(port, { headers: { cookie: `a=b; ${cookie}` } })).body).toBe('blue');
    expect((await send(port)).body).toBe('green');
  });

  test('keeps a client with the target cookie at its target while that accepts requests', async () => {
    const targets = await Promise.all(['a', 'b', 'c'].map((name) => rig.startTarget(named(name))));
    const sticky = { targetStickiness: 60_000 };
    const port = await rig.serve([forwardTo([group('blue', targets, sticky)])]);
    const first = await send(port);
    const headers = { cookie: cookieOf(first.headers, 'AWSALB') };
    const again = [await send(port, { headers }), await send(port, { headers })];
    expect(again.map(({ body }) => body)).toEqual([first.body, first.body]);

    const left = targets.filter((_, i) => ['a', 'b', 'c'][i] !== first.body);
    await rig.serve([forwardTo([group('blue', left, sticky)])], { port });
    expect((await send(port, { headers })).body).not.toBe(first.body);
  });

  test('uses a new routing for the next request, also on an old connection', async () => {
    const blue = await rig.startTarget(named('blue'));
    const green = await rig.startTarget(named('green'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const port = await rig.serve([forwardTo([group('blue', [blue])])]);
    expect((await send(port, { agent })).body).toBe('blue');
    await rig.serve([forwardTo([group('green', [green])])], { port });
    expect((await send(port, { agent })).body).toBe('green');
    agent.destroy();
  });
});

describe('errors', () => {
  test('502 when no process listens, counted as a request without an answer and as a connection error', async () => {
    const port = await rig.serve([
      forwardTo([group('green', [{ id: '127.0.0.1', port: await freePort() }])]),
    ]);
    expect((await send(port)).status).toBe(502);
    expect(countsOf('green')).toEqual({ requests: 1, answers: 0, connectionErrors: 1 });
    expect(rig.count('HTTPCode_ELB_5XX_Count')).toBe(1);
    expect(rig.count('HTTPCode_ELB_502_Count')).toBe(1);
    expect(rig.count('HTTPCode_ELB_502_Count', 'green')).toBe(0);
  });

  test('502 when the target closes a new or an old connection without an answer', async () => {
    let hangUp = false;
    const target = await rig.startTarget((request, response) => {
      if (hangUp) request.socket.destroy();
      else response.end('fine');
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    expect((await send(port)).status).toBe(200);
    hangUp = true;
    expect((await send(port)).status).toBe(502);
    expect((await send(port)).status).toBe(502);
    expect(countsOf('green')).toEqual({ requests: 3, answers: 1, connectionErrors: 0 });
  });

  test('502 when the target’s answer is not HTTP', async () => {
    const answers = ['HTTP/1.1 099 Odd\r\n\r\n', 'HTTP/1.1 200 \u0001\r\n\r\n', 'junk'];
    const target = net.createServer((socket) => {
      socket.once('data', () => socket.end(answers.shift()!));
    });
    await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve));
    const port = await rig.serve([forwardTo([group('green', [{ id: '127.0.0.1', port: portOf(target) }])])]);
    const statuses = [await send(port), await send(port), await send(port)].map(({ status }) => status);
    target.close();
    expect(statuses).toEqual([502, 502, 502]);
    expect(countsOf('green')).toEqual({ requests: 3, answers: 0, connectionErrors: 0 });
  });

  test('502 reaches a client that still sends its body', async () => {
    const target = await rig.startTarget((request) => request.socket.destroy());
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const reply = await send(port, { method: 'POST', body: Buffer.alloc(1_000_000) });
    expect(reply.status).toBe(502);
  });

  test('503 without targets or with only zero weights, counted for no target group', async () => {
    const blue = await rig.startTarget(named('blue'));
    const port = await rig.serve([forwardTo([group('green', [])])]);
    expect((await send(port)).status).toBe(503);
    await rig.serve([forwardTo([group('blue', [blue], { weight: 0 })])], { port });
    expect((await send(port)).status).toBe(503);
    expect(rig.count('HTTPCode_ELB_503_Count')).toBe(2);
    expect(rig.count('RequestCount')).toBe(0);
  });

  test('504 when the target does not answer within the idle timeout', async () => {
    const target = await rig.startTarget(() => {});
    const port = await rig.serve([forwardTo([group('green', [target])])], { idleTimeout: 100 });
    expect((await send(port)).status).toBe(504);
    expect(rig.count('HTTPCode_ELB_504_Count')).toBe(1);
    expect(countsOf('green')).toEqual({ requests: 1, answers: 0, connectionErrors: 0 });
  });

  test("errors of the target are counted as the target's, by their first digit", async () => {
    const target = await rig.startTarget((request, response) => {
      response.writeHead(Number(request.url!.slice(1))).end();
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    for (const status of [200, 204, 302, 404, 500, 503]) {
      expect((await send(port, { path: `/${status}` })).status).toBe(status);
    }
    const byFamily = ['2XX', '3XX', '4XX', '5XX'].map((family) =>
      rig.count(`HTTPCode_Target_${family}_Count`, 'green'),
    );
    expect(byFamily).toEqual([2, 1, 1, 2]);
    expect(rig.count('HTTPCode_ELB_5XX_Count')).toBe(0);
  });

  test('an answer that breaks off is not complete for the client', async () => {
    const target = await rig.startTarget((_, response) => {
      response.write('half of it');
      setTimeout(() => response.socket!.destroy(), 20);
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    await expect(send(port)).rejects.toThrow(/aborted|hang up|ECONNRESET/);
    expect(countsOf('green')).toEqual({ requests: 1, answers: 1, connectionErrors: 0 });
  });

  test('a client that disconnects ends its request at the target', async () => {
    const ended = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const target = await rig.startTarget((_, response) => {
      begun.resolve();
      response.on('close', () => ended.resolve());
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const request = http.get({ host: '127.0.0.1', port });
    request.on('error', () => {});
    await begun.promise;
    expect(rig.balancer.inFlight!(group('green', []).targetGroupArn, target)).toBe(1);
    request.destroy();
    await ended.promise;
    expect(rig.balancer.inFlight!(group('green', []).targetGroupArn, target)).toBe(0);
    expect(countsOf('green')).toEqual({ requests: 1, answers: 0, connectionErrors: 0 });
  });
});

function countsOf(name: string) {
  return {
    requests: rig.count('RequestCount', name),
    answers: rig.count('HTTPCode_Target_2XX_Count', name),
    connectionErrors: rig.count('TargetConnectionErrorCount', name),
  };
}

function cookieOf(headers: http.IncomingHttpHeaders, name: string): string {
  return headers['set-cookie']!.find((cookie) => cookie.startsWith(`${name}=`))!.split(';')[0]!;
}

describe('forwarding', () => {
  test('gives the target the original request and its source', async () => {
    const target = await rig.startTarget((request, response) => {
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers }));
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const { body } = await send(port, {
      method: 'DELETE',
      path: '/a%20b?c=%26',
      headers: {
        Host: 'shop.example',
        'X-Forwarded-For': '203.0.113.9',
        Connection: 'x-secret',
        'X-Secret': '1',
        TE: 'trailers',
      },
    });
    const seen = JSON.parse(body);
    expect(seen).toMatchObject({ method: 'DELETE', url: '/a%20b?c=%26' });
    expect(seen.headers).toMatchObject({
      host: 'shop.example',
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': String(port),
      connection: 'keep-alive',
    });
    expect(seen.headers).not.toHaveProperty('x-secret');
    expect(seen.headers).not.toHaveProperty('te');
  });

  test("gives the client the target's headers, including repeated ones", async () => {
    const target = await rig.startTarget((_, response) => {
      response.writeHead(201, 'Made', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Odd', 'yes']).end('made');
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const reply = await send(port);
    expect(reply).toMatchObject({ status: 201, body: 'made' });
    expect(reply.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-odd': 'yes' });
  });

  test.each([
    ['with a length', {}],
    ['in chunks', { 'Transfer-Encoding': 'chunked' }],
    ['after 100-continue', { Expect: '100-continue' }],
  ])('a large body arrives whole: %s', async (_, headers) => {
    const target = await rig.startTarget((request, response) => void request.pipe(response));
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const body = Buffer.alloc(3_000_000, 'abcdefghij');
    const length = 'Transfer-Encoding' in headers ? {} : { 'Content-Length': body.length };
    const reply = await send(port, { method: 'POST', body, headers: { ...headers, ...length } });
    expect(reply.body === body.toString()).toBe(true);
  });

  test('sends each part of an answer before the answer is complete', async () => {
    const finish = Promise.withResolvers<void>();
    const target = await rig.startTarget((_, response) => {
      response.write('first');
      void finish.promise.then(() => response.end('second'));
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    let seen = '';
    await new Promise<void>((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port }, (answer) => {
          answer.on('data', (chunk: Buffer) => {
            seen += chunk.toString();
            if (seen === 'first') finish.resolve();
          });
          answer.on('end', resolve);
        })
        .on('error', reject);
    });
    expect(seen).toBe('firstsecond');
  });

  test('forwards a WebSocket in both directions until the balancer is closed', async () => {
    const target = await rig.startTarget(named('no'));
    target.server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
      socket.on('data', (data: Buffer) => socket.write(data.toString().toUpperCase()));
      socket.on('end', () => socket.end());
      socket.on('error', () => {});
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const client = net.connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
    const text = await new Promise<string>((resolve) => {
      let seen = '';
      client.on('data', (data) => {
        seen += data.toString();
        if (seen.endsWith('\r\n\r\n')) client.write('hello');
        if (seen.endsWith('HELLO')) resolve(seen);
      });
    });
    expect(text).toMatch(/^HTTP\/1\.1 101 [^]*Upgrade: echo/);
    expect(countsOf('green')).toEqual({ requests: 1, answers: 0, connectionErrors: 0 });

    const ended = once(client, 'close');
    await rig.balancer.close();
    await ended;
  });

  test('answers 502 to an upgrade without a reachable target', async () => {
    const port = await rig.serve([
      forwardTo([group('green', [{ id: '127.0.0.1', port: await freePort() }])]),
    ]);
    const reply = await send(port, { headers: { Upgrade: 'echo', Connection: 'Upgrade' } });
    expect(reply.status).toBe(502);
  });
});

/** Of query-string, `key=value`. */
const matching = (
  field: RuleCondition['field'],
  values: string[],
  header: string | null = null,
): RuleCondition => ({
  field,
  header,
  values: values.map((value) => {
    const [key, ...rest] = value.split('=');
    return field === 'query-string' && rest.length > 0
      ? { key: key!, value: rest.join('=') }
      : { key: null, value };
  }),
});

describe('rules', () => {
  test.each([
    [matching('path-pattern', ['/api/*']), { path: '/api/x/y?z=1' }, true],
    [matching('path-pattern', ['/api/*']), { path: '/API/x' }, false],
    [matching('path-pattern', ['/a?c', '/x']), { path: '/abc' }, true],
    [matching('path-pattern', ['/a.c']), { path: '/abc' }, false],
    [matching('path-pattern', ['/a']), { path: '/b?/a' }, false],
    [matching('host-header', ['*.example.com']), { headers: { host: 'Shop.Example.com:8080' } }, true],
    [matching('host-header', ['*.example.com']), { headers: { host: 'example.com' } }, false],
    [matching('http-header', ['*Chrome*'], 'User-Agent'), { headers: { 'user-agent': 'x chrome y' } }, true],
    [matching('http-header', ['*'], 'X-None'), {}, false],
    [matching('http-request-method', ['GET', 'HEAD']), { method: 'GET' }, true],
    [matching('http-request-method', ['get']), { method: 'GET' }, false],
    [matching('query-string', ['version=v?']), { path: '/?a=1&Version=V1' }, true],
    [matching('query-string', ['version=v?']), { path: '/?a=1&other=v1' }, false],
    [matching('query-string', ['v1']), { path: '/?anything=v1' }, true],
    [matching('query-string', [String.raw`key=\*`]), { path: '/?key=x' }, false],
    [matching('query-string', [String.raw`key=\*`]), { path: '/?key=*' }, true],
    [matching('source-ip', ['127.0.0.0/8']), {}, true],
    [matching('source-ip', ['10.0.0.0/8', '::1/128']), {}, false],
  ])('%j with %j: %s', async (condition, options, expected) => {
    const target = await rig.startTarget(named('default'));
    const port = await rig.serve([
      {
        ruleArn: 'first',
        conditions: [condition],
        action: { kind: 'fixed-response', status: 200, contentType: 'text/plain', body: 'matched' },
      },
      forwardTo([group('green', [target])]),
    ]);
    expect((await send(port, options)).body).toBe(expected ? 'matched' : 'default');
  });

  test('a rule matches if all of its conditions match', async () => {
    const port = await rig.serve([
      {
        ruleArn: 'first',
        conditions: [matching('path-pattern', ['/a']), matching('http-request-method', ['POST'])],
        action: { kind: 'fixed-response', status: 200, contentType: 'text/plain', body: 'both' },
      },
      forwardTo([group('green', [])]),
    ]);
    expect((await send(port, { path: '/a', method: 'POST' })).body).toBe('both');
    expect((await send(port, { path: '/a' })).status).toBe(503);
  });

  test('a redirect keeps parts of the request', async () => {
    const location = '#{protocol}://www.#{host}:#{port}/new/#{path}?#{query}';
    const port = await rig.serve([
      { ruleArn: 'default', conditions: [], action: { kind: 'redirect', status: 301, location } },
    ]);
    const to = async (path: string) =>
      (await send(port, { path, headers: { host: 'shop.example:1' } })).headers.location;
    expect(await to('/a/b?c=d')).toBe(`http://www.shop.example:${port}/new/a/b?c=d`);
    expect(await to('/a')).toBe(`http://www.shop.example:${port}/new/a`);
    expect(rig.count('RequestCount')).toBe(0);
    expect(rig.count('HTTP_Redirect_Count')).toBe(2);
  });
});

describe('ports', () => {
  test('an occupied port is refused, and the others are served', async () => {
    const taken = net.createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    await expect(rig.serve([forwardTo([group('green', [])])], { port: portOf(taken) })).rejects.toMatchObject(
      {
        code: 'EADDRINUSE',
      },
    );
    taken.close();
    const port = await rig.serve([forwardTo([group('green', [])])]);
    expect((await send(port)).status).toBe(503);
  });

  test('a removed listener finishes its requests and accepts no new connection', async () => {
    const answer = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const target = await rig.startTarget((_, response) => {
      begun.resolve();
      void answer.promise.then(() => response.end('done'));
    });
    const port = await rig.serve([forwardTo([group('green', [target])])]);
    const slow = send(port);
    await begun.promise;
    await rig.balancer.apply([]);
    await expect(send(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    answer.resolve();
    expect((await slow).body).toBe('done');
  });
});

describe('health checks', () => {
  test('report the status, a timeout or a refused connection, and are not counted as requests', async () => {
    const target = await rig.startTarget((request, response) => {
      if (request.url === '/health') response.writeHead(418).end();
    });
    const probe = (path: string, port: number | null = null) =>
      rig.balancer.probe(target, { path, port, timeout: 100 });
    expect(await probe('/health')).toEqual({ status: 418 });
    expect(await probe('/silent')).toEqual({ problem: 'timeout' });
    expect(await probe('/health', await freePort())).toEqual({ problem: 'unreachable' });
    expect(rig.samples).toEqual([]);
  });

  test('go to the reachable address of the target and the configured port', async () => {
    const own = createRig({
      dial: ({ id, port }) => ({ host: '127.0.0.1', port: id === 'i-1' ? port + 1 : 0 }),
    });
    const target = await own.startTarget(named('fine'));
    const check = { path: '/', port: target.port - 1, timeout: 1_000 };
    expect(await own.balancer.probe({ id: 'i-1', port: 1 }, check)).toEqual({ status: 200 });
    await own.close();
  });
});

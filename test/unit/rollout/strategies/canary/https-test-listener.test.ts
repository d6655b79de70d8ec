import http from 'node:http';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ImportCertificateCommand } from '@aws-sdk/client-acm';
import {
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { createAcm } from '../../../../../sandbox/acm/acm.ts';
import { createBalancer } from '../../../../../sandbox/balancer/balancer.ts';
import { createElbv2 } from '../../../../../sandbox/elbv2/elbv2.ts';
import type { RolloutRequest, SmokeTest } from '../../../../../src/core/request.ts';
import { systemClock } from '../../../../../src/core/time/clock.ts';
import { runSmokeTest, smokeTestPlace } from '../../../../../src/rollout/health/smoke-test.ts';
import { inspectBalancer } from '../../../../../src/rollout/strategies/canary/preflight.ts';
import { createAuthority, trust, type TestAuthority } from '../../../../support/certificates.ts';
import { createDirectClients, type Gate } from '../../../../support/direct-clients.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';
import { portOf } from '../../../../sandbox/balancer-rig.ts';
import { freePorts } from '../../../../demo/free-ports.ts';

const PLACE = { account: '123456789012', region: 'eu-west-1' };
const host = (...Values: string[]): RuleCondition => ({ Field: 'host-header', HostHeaderConfig: { Values } });
const path = (...Values: string[]): RuleCondition => ({
  Field: 'path-pattern',
  PathPatternConfig: { Values },
});
const header = (HttpHeaderName: string, ...Values: string[]): RuleCondition => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values },
});
const smokeTest = (different: Partial<SmokeTest> = {}): SmokeTest => ({
  path: '/',
  status: 200,
  times: 1,
  ...different,
});

let authority: TestAuthority;
let distrust: () => void;
beforeAll(async () => {
  authority = await createAuthority();
  distrust = trust(authority);
});
afterAll(() => distrust());

/** Requests that reached the new revision. */
let reached: http.IncomingMessage[];
let closers: (() => Promise<void> | void)[];
beforeEach(() => {
  reached = [];
  closers = [];
});
afterEach(async () => {
  for (const close of closers.toReversed()) await close();
});

interface Setup {
  /** Names of each certificate, the default first. `null`: the listener speaks HTTP. */
  readonly certificates: readonly (readonly [string, ...string[]])[] | null;
  readonly rule: readonly RuleCondition[];
  readonly production?: readonly RuleCondition[];
  /** Actions that AWS denies. */
  readonly denied?: readonly string[];
}

/** A service whose test listener has the rule. Other requests get 404 from the load balancer. */
async function service({ certificates, rule, production = [path('/*')], denied = [] }: Setup) {
  const target = http.createServer((request, response) => {
    const isHealthCheck = request.headers['x-forwarded-for'] === undefined;
    if (!isHealthCheck) reached.push(request);
    if (request.url === '/moved') response.writeHead(302, { location: '/login?token=hidden' });
    response.end();
  });
  await new Promise<void>((resolve) => void target.listen(0, '127.0.0.1', resolve));
  const metrics = { record() {} };
  const acm = createAcm(PLACE);
  const elbv2 = createElbv2({
    ...PLACE,
    clock: systemClock,
    metrics,
    dataPlane: createBalancer({ clock: systemClock, metrics }),
    certificates: acm.certificates,
  });
  closers.push(
    () => void target.close(),
    () => target.closeAllConnections(),
    () => elbv2.close(),
  );
  const clientsBehind = (gate: Gate) =>
    createDirectClients({
      ...PLACE,
      services: [acm.service, elbv2.service],
      clock: systemClock,
      faults: null,
      random: Math.random,
      gate,
    });
  const owner = clientsBehind((_, perform) => perform());
  const elb = await owner.elasticLoadBalancing();
  const loadBalancer = await elb.send(
    new CreateLoadBalancerCommand({ Name: 'shop', Subnets: ['subnet-a', 'subnet-b'] }),
  );
  const { LoadBalancerArn } = loadBalancer.LoadBalancers![0]!;
  const group = async (Name: string) => {
    const created = await elb.send(
      new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 8080, VpcId: 'vpc-1', TargetType: 'ip' }),
    );
    return created.TargetGroups![0]!.TargetGroupArn!;
  };
  const [blue, green] = [await group('blue'), await group('green')];
  const port = portOf(target);
  await elb.send(
    new RegisterTargetsCommand({ TargetGroupArn: green, Targets: [{ Id: '127.0.0.1', Port: port }] }),
  );
  const stored: string[] = [];
  for (const names of certificates ?? []) {
    const issued = await authority.issue(...names);
    const imported = await (
      await owner.acm()
    ).send(
      new ImportCertificateCommand({
        Certificate: Buffer.from(issued.cert),
        PrivateKey: Buffer.from(issued.private),
      }),
    );
    stored.push(imported.CertificateArn!);
  }
  const [testPort, productionPort] = await freePorts(2);
  const listen = async (Port: number, Conditions: readonly RuleCondition[], weights: readonly number[]) => {
    const isTest = Port === testPort;
    const listener = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Port,
        ...(isTest && certificates !== null
          ? { Protocol: 'HTTPS', Certificates: [{ CertificateArn: stored[0] }] }
          : { Protocol: 'HTTP' }),
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      }),
    );
    const { ListenerArn } = listener.Listeners![0]!;
    if (isTest && stored.length > 1) {
      await elb.send(
        new AddListenerCertificatesCommand({
          ListenerArn,
          Certificates: stored.slice(1).map((CertificateArn) => ({ CertificateArn })),
        }),
      );
    }
    const TargetGroups = [blue, green].map((TargetGroupArn, i) => ({ TargetGroupArn, Weight: weights[i] }));
    const created = await elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: 1,
        Conditions: [...Conditions],
        Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
      }),
    );
    return created.Rules![0]!.RuleArn!;
  };
  const testListenerRule = await listen(testPort!, rule, [0, 100]);
  const productionListenerRule = await listen(productionPort!, production, [100, 0]);
  const clients = clientsBehind(async ({ service: name, operation }, perform) => {
    if (denied.includes(`${name}:${operation}`)) {
      throw Object.assign(new Error(`not authorized to perform ${name}:${operation}`), {
        name: 'AccessDeniedException',
        $fault: 'client',
      });
    }
    return perform();
  });
  const ecsService = {
    serviceName: 'web',
    loadBalancers: [
      {
        targetGroupArn: blue,
        advancedConfiguration: {
          alternateTargetGroupArn: green,
          productionListenerRule,
          testListenerRule,
          roleArn: 'arn:aws:iam::123456789012:role/ecs',
        },
      },
    ],
  };
  const inspect = async (rollout: Partial<RolloutRequest> = {}) =>
    inspectBalancer(ecsService, {
      elb: await clients.elasticLoadBalancing(),
      acm: clients.acm,
      rollout: rolloutRequest({ smokeTests: [smokeTest()], ...rollout }),
    });
  /** Inspects the service and runs the smoke test. */
  const run = async (tested: Partial<SmokeTest> = {}, smokeTestUrl: string | null = null) => {
    const { routing, problems } = await inspect({ smokeTests: [smokeTest(tested)], smokeTestUrl });
    expect(problems).toEqual([]);
    return runSmokeTest(smokeTest(tested), smokeTestPlace({ smokeTestUrl }, routing!)!);
  };
  return { inspect, run, testPort: testPort! };
}

describe('a smoke test through an HTTPS test listener', () => {
  test('asks for the name that the certificate is for', async () => {
    const { run } = await service({ certificates: [['shop.example.com']], rule: [path('/*')] });
    expect(await run({ times: 3 })).toMatchObject({ passed: 3, problem: null });
    expect(reached.map(({ headers }) => headers.host)).toEqual(Array(3).fill('shop.example.com'));
    expect(reached[0]!.headers['x-forwarded-proto']).toBe('https');
  });

  test.each([
    ['the exact host of the rule', ['*.example.com'], [host('test.example.com')], 'test.example.com'],
    [
      'a certificate name that a wildcard of the rule accepts',
      ['example.com', 'a.example.com'],
      [host('*.example.com')],
      'a.example.com',
    ],
    [
      'a made-up name if both are wildcards',
      ['*.example.com'],
      [host('*.example.com')],
      'ecs-ramp.example.com',
    ],
    ['a made-up name if the rule accepts any', ['*.example.com'], [path('/*')], 'ecs-ramp.example.com'],
    [
      'the second host of the rule, if the certificate is only for it',
      ['b.example.com'],
      [host('a.example.com', 'b.example.com')],
      'b.example.com',
    ],
    ['a name in capital letters', ['SHOP.example.com'], [host('shop.EXAMPLE.com')], 'shop.EXAMPLE.com'],
  ] as const)('uses %s', async (_, names, rule, expected) => {
    const { run } = await service({ certificates: [names], rule });
    expect(await run()).toMatchObject({ problem: null });
    expect(reached[0]!.headers.host).toBe(expected);
  });

  test('prefers the name that users ask for', async () => {
    const { run } = await service({
      certificates: [['*.example.com']],
      rule: [path('/*')],
      production: [host('www.example.com')],
    });
    expect(await run()).toMatchObject({ problem: null });
    expect(reached[0]!.headers.host).toBe('www.example.com');
  });

  test('finds the certificate of the host among several', async () => {
    const { run } = await service({
      certificates: [['other.example.com'], ['shop.example.com']],
      rule: [host('shop.example.com')],
    });
    expect(await run()).toMatchObject({ problem: null });
  });

  test('checks the certificate for its own name if the rule requires another host', async () => {
    const { run } = await service({
      certificates: [['origin.example.net']],
      rule: [host('shop.example.com')],
    });
    expect(await run()).toMatchObject({ problem: null });
    expect(reached[0]!.headers.host).toBe('shop.example.com');
  });

  test('sends the headers that the rule requires', async () => {
    const { run } = await service({
      certificates: [['shop.example.com']],
      rule: [header('X-Test', 'secret-*'), header('User-Agent', '*canary*')],
    });
    expect(await run()).toMatchObject({ problem: null });
    expect(reached[0]!.headers).toMatchObject({
      'x-test': 'secret-ecs-ramp',
      'user-agent': expect.stringContaining('canary'),
    });
  });

  test('does not follow a redirect, and says where it leads without its query', async () => {
    const { run } = await service({ certificates: [['shop.example.com']], rule: [path('/*')] });
    expect(await run({ path: '/moved', status: 302 })).toMatchObject({ passed: 1, problem: null });
    expect((await run({ path: '/moved' })).problem).toMatch(
      /^answered 302 \(a redirect to https:\/\/localhost:\d+\/login\) instead of 200$/,
    );
  });

  test('uses the host of the rule if the certificate cannot be read, and says so', async () => {
    const { inspect, run } = await service({
      certificates: [['shop.example.com']],
      rule: [host('shop.example.com')],
      denied: ['acm:DescribeCertificate'],
    });
    expect((await inspect()).remarks).toEqual([
      expect.stringMatching(/ask for shop\.example\.com.*allow acm:DescribeCertificate/),
    ]);
    expect(await run()).toMatchObject({ problem: null });
  });

  test('is refused before the start if no name is known', async () => {
    const { inspect } = await service({
      certificates: [['shop.example.com']],
      rule: [path('/*')],
      denied: ['acm:DescribeCertificate'],
    });
    expect((await inspect()).problems).toEqual([
      expect.stringMatching(
        /smoke-test is given.*set smoke-test-url to https:\/\/HOST:PORT.*allow acm:DescribeCertificate/,
      ),
    ]);
    expect((await inspect({ smokeTests: [] })).problems).toEqual([]);
  });

  test('still finds the name if only the further certificates of the listener cannot be read', async () => {
    const { run } = await service({
      certificates: [['shop.example.com']],
      rule: [path('/*')],
      denied: ['elastic-load-balancing-v2:DescribeListenerCertificates'],
    });
    expect(await run()).toMatchObject({ problem: null });
  });

  test('goes through a proxy, if one is set, and checks the certificate all the same', async () => {
    const { run, testPort } = await service({ certificates: [['shop.example.com']], rule: [path('/*')] });
    const asked: (string | undefined)[] = [];
    const proxy = http.createServer().on('connect', (request, client) => {
      asked.push(request.url);
      const target = net.connect(testPort, 'localhost', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(target).pipe(client);
      });
      client.on('error', () => target.destroy());
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
    closers.push(() => void proxy.close());
    const restore = http.setGlobalProxyFromEnv({
      https_proxy: `http://127.0.0.1:${portOf(proxy)}`,
      no_proxy: '',
    });
    try {
      expect(await run({ times: 2 })).toMatchObject({ passed: 2, problem: null });
      expect(asked).toEqual(Array(2).fill(`localhost:${testPort}`));
      distrust();
      expect(await run()).toMatchObject({
        unsent: true,
        problem: expect.stringMatching(/NODE_EXTRA_CA_CERTS/),
      });
    } finally {
      restore();
      distrust = trust(authority);
    }
  });

  test('blames nobody when the certificate does not fit smoke-test-url', async () => {
    const { run, testPort } = await service({ certificates: [['shop.example.com']], rule: [path('/*')] });
    const { problem, unsent } = await run({}, `https://localhost:${testPort}`);
    expect(unsent).toBe(true);
    expect(problem).toMatch(
      /^could not be sent: .*The certificate is not valid for localhost: set smoke-test-url/,
    );
    expect(reached).toEqual([]);
  });

  test('never accepts an untrusted certificate, and names NODE_EXTRA_CA_CERTS', async () => {
    const { run } = await service({ certificates: [['shop.example.com']], rule: [path('/*')] });
    distrust();
    try {
      const { problem, unsent } = await run();
      expect(unsent).toBe(true);
      expect(problem).toMatch(/NODE_EXTRA_CA_CERTS/);
      expect(reached).toEqual([]);
    } finally {
      distrust = trust(authority);
    }
  });
});

describe('a smoke test through an HTTP test listener', () => {
  test.each([
    ['a host that only wildcards describe', [host('*.example.com')], 'ecs-ramp.example.com'],
    ['the exact host', [host('*.example.org', 'shop.example.com')], 'shop.example.com'],
  ] as const)('sends %s', async (_, rule, expected) => {
    const { run } = await service({ certificates: null, rule });
    expect(await run()).toMatchObject({ problem: null });
    expect(reached[0]!.headers.host).toBe(expected);
  });

  test.each<[string, readonly RuleCondition[], string, RegExp]>([
    [
      'path',
      [path('/api/*', '/v2/*')],
      '/',
      /smoke-test \/ does not match the path-pattern .*\(\/api\/\*, \/v2\/\*\)/,
    ],
    ['path, in other letters', [path('/API')], '/api', /does not match the path-pattern/],
    [
      'method',
      [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } }],
      '/',
      /sends GET requests, .* only POST/,
    ],
    [
      'query',
      [{ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'arm', Value: 'new' }] } }],
      '/?arm=old',
      /add \?arm=new to the path/,
    ],
  ])('is refused before the start if the rule requires another %s', async (_, rule, tested, expected) => {
    const { inspect } = await service({ certificates: null, rule });
    expect((await inspect({ smokeTests: [smokeTest({ path: tested })] })).problems).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test('whose path and query match is sent', async () => {
    const { run } = await service({
      certificates: null,
      rule: [
        path('/api/*'),
        { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'arm', Value: 'n?w' }] } },
      ],
    });
    expect(await run({ path: '/api/items?arm=new' })).toMatchObject({ problem: null });
  });

  test('that cannot connect blames nobody', async () => {
    const { run } = await service({ certificates: null, rule: [path('/*')] });
    const [port] = await freePorts(1);
    expect(await run({}, `http://127.0.0.1:${port}`)).toMatchObject({
      unsent: true,
      problem: expect.stringMatching(/^could not be sent: .*ECONNREFUSED.*security group/),
    });
    expect(await run({}, 'http://absent.invalid')).toMatchObject({
      unsent: true,
      problem: expect.stringMatching(/absent\.invalid cannot be resolved/),
    });
  });

  test('that is accepted and then dropped is the fault of the release', async () => {
    const { run } = await service({ certificates: null, rule: [path('/*')] });
    const server = net.createServer((socket) => socket.once('data', () => socket.destroy()));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closers.push(() => void server.close());
    const result = await run({}, `http://127.0.0.1:${portOf(server)}`);
    expect(result.problem).toMatch(/^closed the connection without an answer/);
    expect(result.unsent).toBeUndefined();
  });

  test('never leaves for a host that its path names', async () => {
    const { run } = await service({ certificates: null, rule: [path('/*')] });
    expect(await run({ path: '//example.com/x' })).toMatchObject({ problem: null });
    expect(reached[0]!.url).toBe('//example.com/x');
  });
});

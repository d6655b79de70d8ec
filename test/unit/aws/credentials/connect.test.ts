import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFaults, type Faults } from '../../../../sandbox/faults/faults.ts';
import { createSts } from '../../../../sandbox/sts/sts.ts';
import { createWire, inProcess, knowsOperation, type Wire } from '../../../../sandbox/wire/wire.ts';
import { failureKind } from '../../../../src/aws/errors.ts';
import { connect } from '../../../../src/aws/credentials/connect.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { startGitHubTokens, type GitHubTokens } from '../../../support/github-tokens.ts';
import { createVirtualClock, type VirtualClock } from '../../../support/virtual-clock.ts';

const ROLE = 'arn:aws:iam::123456789012:role/shop-web-release';

let clock: VirtualClock;
let github: GitHubTokens;
let faults: Faults;
let wire: Wire;
let masked: string[];

beforeEach(async () => {
  // In the past: the SDK's cache of a session uses the system clock, so it always requests a new
  // one.
  clock = createVirtualClock(Date.now() - 24 * HOUR);
  github = await startGitHubTokens({}, () => clock.now());
  faults = createFaults(knowsOperation);
  masked = [];
  const sts = createSts({ clock });
  wire = createWire({
    services: [
      sts.service,
      {
        name: 'ecs',
        operations: {
          DescribeClusters: (_, { accessKeyId }) => ({ clusters: [{ clusterName: accessKeyId }] }),
        },
      },
      { name: 'cloudwatch', operations: { DescribeAlarms: () => ({}) } },
    ],
    faults,
    clock,
    account: '123456789012',
    hasEnded: sts.sessions.hasEnded,
    onFailure: (error) => expect(error).toBeNull(),
  });
});
afterEach(() => github.close());

const BASE = { accessKeyId: 'AKIABASE', secretAccessKey: 'base' };

function clientsOf({
  env = github.environment,
  chaining = false,
  base = BASE,
  accounts = [],
  role = ROLE,
}: {
  readonly env?: Readonly<Record<string, string>>;
  readonly chaining?: boolean;
  /** Additional environment variables. */
  readonly base?: object;
  readonly accounts?: readonly string[];
  readonly role?: string | null;
} = {}) {
  return connect(
    { region: 'eu-west-1', role, chaining, accounts },
    {
      env,
      version: 'test',
      clock,
      mask: (secret) => masked.push(secret),
      overrides: {
        endpoint: 'http://sandbox',
        requestHandler: inProcess(wire),
        retryMode: 'standard',
        maxAttempts: 1,
        credentials: base,
      },
    },
  );
}

type Clients = ReturnType<typeof clientsOf>;

/** The access key that signed the call. */
async function keyOf(clients: Clients): Promise<string> {
  const answer = await (await clients.ecs()).send(new DescribeClustersCommand({}));
  return answer.clusters![0]!.clusterName!;
}

const begun = () => wire.calls.filter(({ service }) => service === 'sts').map(({ operation }) => operation);

test('all clients share one session as the role, begun with a token of GitHub’s; nothing of it can be read in the log', async () => {
  const clients = clientsOf();
  expect(await keyOf(clients)).toBe('ASIASANDBOX000000001');
  await (await clients.cloudWatch()).send(new DescribeAlarmsCommand({}));
  expect(begun()).toEqual(['AssumeRoleWithWebIdentity']);
  expect(masked).toEqual([github.given[0], 'sandbox-secret-000000001', 'sandbox-session-000000001']);
});

describe('allowed accounts', () => {
  test.each([ROLE, null])('are asked for once, with the role %s', async (role) => {
    const clients = clientsOf({ role, accounts: ['210987654321', '123456789012'] });
    await keyOf(clients);
    await (await clients.cloudWatch()).send(new DescribeAlarmsCommand({}));
    await (await clients.patient!.ecs()).send(new DescribeClustersCommand({}));
    expect(begun().filter((operation) => operation === 'GetCallerIdentity')).toHaveLength(1);
  });

  test.each([ROLE, null])('refuse every client of another account, with the role %s', async (role) => {
    const { patient, ...clients } = clientsOf({ role, accounts: ['210987654321'] });
    const refusals = await Promise.allSettled(
      [...Object.values(clients), ...Object.values(patient!)].map((client) => client()),
    );
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        reason: {
          message: expect.stringMatching(
            /^allowed-account-ids: the credentials belong to account 123456789012 .* only 210987654321 may be used\. Nothing was changed\./,
          ),
        },
      });
    }
    expect(refusals.length).toBeGreaterThanOrEqual(20);
    expect(wire.calls.filter(({ service }) => service !== 'sts')).toEqual([]);
  });
});

test('the session is renewed with a fresh token before it ends, for as many hours as it takes', async () => {
  const clients = clientsOf();
  for (let passed = 0; passed < 6 * HOUR; passed += 10 * MINUTE) {
    await keyOf(clients);
    await clock.advance(10 * MINUTE);
  }
  expect(new Set(github.given).size).toBe(github.given.length);
  // Sessions of one hour, each renewed by the last read before its last five minutes.
  expect(begun().length).toBe(6);
});

test('without a token of GitHub’s, or told to, the role is assumed with the credentials of the environment', async () => {
  expect(await keyOf(clientsOf({ env: {} }))).toMatch(/^ASIASANDBOX/);
  expect(await keyOf(clientsOf({ chaining: true }))).toMatch(/^ASIASANDBOX/);
  expect(begun()).toEqual(['AssumeRole', 'AssumeRole']);
  expect(github.given).toEqual([]);
});

test('a renewal that fails is tried again later, and the session is used to its end', async () => {
  const clients = clientsOf();
  const first = await keyOf(clients);
  faults.add([{ service: 'sts', operation: '*', error: 'InternalFailure', status: 500, times: 1000 }]);
  await clock.advance(56 * MINUTE);
  for (let look = 0; look < 40; look += 1) {
    expect(await keyOf(clients)).toBe(first);
    await clock.advance(5 * SECOND);
  }
  // Every 30 s, not at every read.
  expect(begun().length).toBeLessThan(1 + 10);
  faults.clear();
  await clock.advance(30 * SECOND);
  expect(await keyOf(clients)).not.toBe(first);
});

test('after its end an STS that does not answer is told as that, and may pass', async () => {
  const clients = clientsOf();
  await keyOf(clients);
  faults.add([{ service: 'sts', operation: '*', error: 'InternalFailure', status: 500, times: 1000 }]);
  await clock.advance(61 * MINUTE);
  const error = await keyOf(clients).catch((reason: unknown) => reason);
  expect(failureKind(error)).toBe('passing');
  expect(String(error)).toContain('sts:AssumeRoleWithWebIdentity on arn:aws:iam::123456789012:role/');
});

test('GitHub is asked again when it does not answer well at first', async () => {
  github.failWith(503);
  const key = keyOf(clientsOf());
  while (wire.calls.length === 0) await clock.advance(SECOND);
  expect(await key).toMatch(/^ASIASANDBOX/);
});

async function refusal(clients: Clients): Promise<string> {
  return keyOf(clients).then(
    () => 'it was not refused',
    (error: Error) => error.message,
  );
}

const none = () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));

describe('what AWS refuses is told with its fix', () => {
  test('a trust policy that does not allow this job is told the job’s very subject', async () => {
    faults.add([
      {
        service: 'sts',
        operation: 'AssumeRoleWithWebIdentity',
        error: 'AccessDenied',
        message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      },
    ]);
    const said = await refusal(clientsOf());
    expect(said).toContain(`role-to-assume: AWS does not allow this job to assume ${ROLE}`);
    expect(said).toContain(
      'the subject "repo:example/shop:environment:production" with the audience sts.amazonaws.com',
    );
    expect(said).not.toContain('role-chaining');
    expect(said).not.toContain('ecs:DescribeClusters');
  });

  test('credentials in the environment that were left aside are named', async () => {
    faults.add([{ service: 'sts', operation: 'AssumeRoleWithWebIdentity', error: 'AccessDenied' }]);
    const env = { ...github.environment, AWS_ACCESS_KEY_ID: 'AKIABASE' };
    expect(await refusal(clientsOf({ env }))).toContain('role-chaining: true');
  });

  test('an account without GitHub’s provider', async () => {
    await github.close();
    github = await startGitHubTokens({ aud: 'https://github.com/example' }, () => clock.now());
    expect(await refusal(clientsOf())).toMatch(
      /does not accept GitHub's tokens: .*create-open-id-connect-provider.*Incorrect token audience/,
    );
  });

  test('the provider that is missing is that of the GitHub Enterprise Server of the job', async () => {
    await github.close();
    const iss = 'https://ghes.example.com/_services/token';
    github = await startGitHubTokens({ aud: 'https://github.com/example', iss }, () => clock.now());
    expect(await refusal(clientsOf())).toContain(`it requires an OIDC identity provider for ${iss} with`);
  });

  test('a job that may not ask for a token', async () => {
    const said = await refusal(clientsOf({ env: { GITHUB_ACTIONS: 'true' }, base: none }));
    expect(said).toContain('`permissions: id-token: write`');
    expect(await refusal(clientsOf({ env: {}, base: none }))).toContain(
      'no AWS credentials in the environment',
    );
  });

  test('a token that GitHub refuses', async () => {
    github.failWith(403);
    expect(await refusal(clientsOf())).toMatch(/GitHub did not issue a token.*answered 403/);
  });

  test('credentials that may not assume the role', async () => {
    faults.add([
      {
        service: 'sts',
        operation: 'AssumeRole',
        error: 'AccessDenied',
        message: 'User: x is not authorized',
      },
    ]);
    expect(await refusal(clientsOf({ chaining: true }))).toMatch(
      /does not allow the credentials of the environment to assume .*sts:AssumeRole .*User: x is not authorized/,
    );
  });
});

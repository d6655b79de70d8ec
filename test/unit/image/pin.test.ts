import { describe, expect, test } from '@jest/globals';
import { ECRClient } from '@aws-sdk/client-ecr';
import { HttpResponse } from '@smithy/core/protocols';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { explaining } from '../../../src/aws/explain.ts';
import { pin } from '../../../src/image/pin.ts';
import { portOf } from '../../sandbox/balancer-rig.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const FOUND: Reply = [200, { imageDetails: [{ imageDigest: DIGEST }] }];
const refused = (__type: string): Reply => [400, { __type, message: 'not you' }];

type Reply = readonly [status: number, reply: object];

/** An ECR that records the host and the input of each call. */
function ecr(replies: Readonly<Record<string, Reply>>) {
  const calls: { readonly operation: string; readonly host: string; readonly input: object }[] = [];
  const open = (region = 'eu-central-1') => {
    const client = new ECRClient({
      region,
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: {
        handle: (request: {
          readonly headers: Readonly<Record<string, string>>;
          readonly hostname: string;
          readonly body: Uint8Array;
        }) => {
          const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
          calls.push({
            operation,
            host: request.hostname,
            input: JSON.parse(new TextDecoder().decode(request.body)),
          });
          const [statusCode, reply] = replies[operation] ?? refused('UnknownOperation');
          const body = Buffer.from(JSON.stringify(reply));
          return Promise.resolve({ response: new HttpResponse({ statusCode, headers: {}, body }) });
        },
      },
    });
    client.middlewareStack.use(explaining);
    return Promise.resolve(client);
  };
  return { open, calls };
}

describe('an image in ECR', () => {
  test.each([
    ['210987654321.dkr.ecr.eu-west-1.amazonaws.com', 'api.ecr.eu-west-1.amazonaws.com'],
    ['210987654321.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'api.ecr.us-gov-west-1.amazonaws.com'],
    ['210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn'],
    ['210987654321.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'api.ecr.eusc-de-east-1.amazonaws.eu'],
    ['210987654321.dkr.ecr.us-iso-east-1.c2s.ic.gov', 'api.ecr.us-iso-east-1.c2s.ic.gov'],
    ['210987654321.dkr-ecr.eu-west-1.on.aws', 'api.ecr.eu-west-1.amazonaws.com'],
    ['210987654321.dkr-ecr-fips.us-east-1.on.aws', 'api.ecr.us-east-1.amazonaws.com'],
    ['210987654321.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', 'api.ecr.cn-north-1.amazonaws.com.cn'],
  ])('at %s is resolved by its own account and region', async (host, endpoint) => {
    const { open, calls } = ecr({ DescribeImages: FOUND });
    expect(await pin(`${host}/shop/web:v1`, open)).toEqual({
      reference: `${host}/shop/web@${DIGEST}`,
      problem: null,
    });
    expect(calls).toEqual([
      {
        operation: 'DescribeImages',
        host: endpoint,
        input: { registryId: '210987654321', repositoryName: 'shop/web', imageIds: [{ imageTag: 'v1' }] },
      },
    ]);
  });

  const IMAGE = '210987654321.dkr.ecr.eu-west-1.amazonaws.com/shop/web:v1';

  test('that the role may not read keeps its tag, for the true reason', async () => {
    const { open } = ecr({ DescribeImages: refused('AccessDeniedException') });
    const { reference, problem } = await pin(IMAGE, open);
    expect(reference).toBe(IMAGE);
    expect(problem).toMatch(
      /^AWS denied ecr:DescribeImages on repository shop\/web: allow ecr:DescribeImages.*If account 210987654321 is not the one of this role, the policy of the repository must allow it, too$/,
    );
    expect(problem).not.toContain('\n');
  });

  test.each(['ImageNotFoundException', 'RepositoryNotFoundException'])(
    'that does not exist is refused (%s)',
    async (code) => {
      const { open } = ecr({
        DescribeImages: refused(code),
        DescribePullThroughCacheRules: [200, { pullThroughCacheRules: [{ ecrRepositoryPrefix: 'other' }] }],
      });
      await expect(pin(IMAGE, open)).rejects.toThrow(
        `There is no image ${IMAGE}: correct \`image\`, or push it first.`,
      );
    },
  );

  test('is refused with a remark if the rules of pull-through caches cannot be read', async () => {
    const { open } = ecr({
      DescribeImages: refused('ImageNotFoundException'),
      DescribePullThroughCacheRules: refused('AccessDeniedException'),
    });
    await expect(pin(IMAGE, open)).rejects.toThrow(
      /There is no image .*If a pull-through cache provides it, give it by digest.*allow ecr:DescribePullThroughCacheRules/,
    );
  });

  test.each(['shop', 'ROOT'])(
    'that a pull-through cache has not pulled yet keeps its tag (%s)',
    async (prefix) => {
      const { open } = ecr({
        DescribeImages: refused('RepositoryNotFoundException'),
        DescribePullThroughCacheRules: [200, { pullThroughCacheRules: [{ ecrRepositoryPrefix: prefix }] }],
      });
      expect(await pin(IMAGE, open)).toEqual({
        reference: IMAGE,
        problem: `it comes through the pull-through cache of the prefix ${prefix}, which has not pulled it yet`,
      });
    },
  );
});

test('a host that only looks like ECR is not taken for it', async () => {
  const { open, calls } = ecr({ DescribeImages: FOUND });
  const { reference, problem } = await pin(
    '210987654321.dkr.ecr.eu-west-1.example.invalid/shop/web:v1',
    open,
  );
  expect(reference).toMatch(/:v1$/);
  expect(problem).toMatch(/does not answer/);
  expect(calls.map(({ operation }) => operation)).not.toContain('DescribeImages');
});

test('a registry whose answer has no end is given up', async () => {
  const server = createServer((_, response) => {
    const send = () => {
      while (response.write('x'.repeat(65_536)));
    };
    response.on('drain', send);
    send();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${portOf(server)}`;
  const pinned = await pin(`${host}/nginx/nginx:1`, () => Promise.reject(new Error('no ECR')));
  expect(pinned).toMatchObject({ problem: `${host} answers with more than 8 MiB` });
  server.close();
  server.closeAllConnections();
});

test('an image of a public registry, such as public.ecr.aws, is resolved with an anonymous token', async () => {
  const manifest = JSON.stringify({ schemaVersion: 2 });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://registry');
    if (url.pathname === '/token/') {
      return void response.end(JSON.stringify({ token: `for ${url.searchParams.get('service')}` }));
    }
    if (request.headers.authorization !== 'Bearer for public') {
      const realm = `http://${request.headers.host}/token/`;
      return void response
        .writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="public",scope="aws"` })
        .end();
    }
    return void response.end(manifest);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${portOf(server)}`;
  const { reference } = await pin(`${host}/nginx/nginx:1`, () => Promise.reject(new Error('no ECR')));
  expect(reference).toBe(`${host}/nginx/nginx@sha256:${createHash('sha256').update(manifest).digest('hex')}`);
  server.close();
  server.closeAllConnections();
});

import { explaining } from '../../../src/aws/explain.ts';
import { describe, expect, test } from '@jest/globals';
import { ECRClient } from '@aws-sdk/client-ecr';
import { HttpResponse } from '@smithy/core/protocols';
import { registryFor } from '../../../src/image/registry.ts';
import { revealed } from '../../support/revealed.ts';

/** A fake ECR: operation to status and reply. */
function ecr(replies: Readonly<Record<string, readonly [status: number, reply: object]>>): ECRClient {
  const client = new ECRClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: {
      handle: ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
        const operation = (headers['x-amz-target'] ?? '').split('.')[1] ?? '';
        const [statusCode, reply] = replies[operation] ?? [400, { __type: 'UnknownOperation' }];
        const body = Buffer.from(JSON.stringify(reply));
        return Promise.resolve({ response: new HttpResponse({ statusCode, headers: {}, body }) });
      },
    },
  });
  client.middlewareStack.use(explaining);
  return client;
}

const repository = (more: object = {}): readonly [number, object] => [
  200,
  { repositories: [{ repositoryUri: '123.dkr.ecr.eu-west-1.amazonaws.com/shop/web', ...more }] },
];

const target = { repository: 'shop/web', registry: null, username: null, password: null };
const open = (replies: Parameters<typeof ecr>[0]) => registryFor(target, () => Promise.resolve(ecr(replies)));

test("the account's own registry is found and its token read", async () => {
  const token = Buffer.from('AWS:a:secret').toString('base64');
  const registry = await open({
    DescribeRepositories: repository(),
    GetAuthorizationToken: [200, { authorizationData: [{ authorizationToken: token }] }],
    DescribeImages: [200, { imageDetails: [{ imageDigest: 'sha256:1' }] }],
  });
  expect(registry).toMatchObject({ host: '123.dkr.ecr.eu-west-1.amazonaws.com', repository: 'shop/web' });
  expect(revealed(await registry.credentials())).toEqual({ username: 'AWS', password: 'a:secret' });
  expect(await registry.digestOf('v1')).toBe('sha256:1');
});

test('a tag that is not there has no digest', async () => {
  const registry = await open({
    DescribeRepositories: repository(),
    DescribeImages: [400, { __type: 'ImageNotFoundException', message: 'no' }],
  });
  expect(await registry.digestOf('v1')).toBeNull();
});

test('a repository that is not there is to be created', async () => {
  const missing = open({
    DescribeRepositories: [400, { __type: 'RepositoryNotFoundException', message: 'no' }],
  });
  await expect(missing).rejects.toThrow(
    'There is no ECR repository "shop/web" in this account and region: create it (aws ecr create-repository --repository-name shop/web)',
  );
});

describe('a repository that is not there', () => {
  const missing: readonly [number, object] = [400, { __type: 'RepositoryNotFoundException', message: 'no' }];
  const proxyEndpoint = 'https://123.dkr.ecr.eu-west-1.amazonaws.com';
  const withTemplates = (...repositoryCreationTemplates: readonly object[]) =>
    open({
      DescribeRepositories: missing,
      DescribeImages: missing,
      DescribeRepositoryCreationTemplates: [200, { repositoryCreationTemplates }],
      GetAuthorizationToken: [200, { authorizationData: [{ authorizationToken: '', proxyEndpoint }] }],
    });
  const onPush = { appliedFor: ['REPLICATION', 'CREATE_ON_PUSH'] };

  test.each(['shop', 'ROOT'])(
    'is created by the push if a template with the prefix %s says so',
    async (prefix) => {
      const registry = await withTemplates({ prefix, ...onPush, imageTagMutability: 'IMMUTABLE' });
      expect(registry).toMatchObject({ host: '123.dkr.ecr.eu-west-1.amazonaws.com', repository: 'shop/web' });
      expect(await registry.isImmutable('v1')).toBe(true);
      expect(await registry.digestOf('v1')).toBeNull();
    },
  );

  test.each([
    ['another prefix', [{ prefix: 'sho', ...onPush }]],
    ['another use', [{ prefix: 'shop', appliedFor: ['PULL_THROUGH_CACHE'] }]],
    [
      'a longer prefix for another use',
      [
        { prefix: 'ROOT', ...onPush },
        { prefix: 'shop', appliedFor: ['REPLICATION'] },
      ],
    ],
  ])('is refused if the template has %s', async (_, templates) => {
    await expect(withTemplates(...templates)).rejects.toThrow(
      /There is no ECR repository "shop\/web".*create it/,
    );
  });

  test('is refused with a remark if the templates cannot be read', async () => {
    const denied: readonly [number, object] = [400, { __type: 'AccessDeniedException', message: 'not you' }];
    await expect(
      open({ DescribeRepositories: missing, DescribeRepositoryCreationTemplates: denied }),
    ).rejects.toThrow(
      /There is no ECR repository "shop\/web".*If ECR creates it on push.*allow ecr:DescribeRepositoryCreationTemplates/,
    );
  });
});

test('a missing permission is named', async () => {
  const denied = open({
    DescribeRepositories: [400, { __type: 'AccessDeniedException', message: 'not you' }],
  });
  await expect(denied).rejects.toThrow('allow ecr:DescribeRepositories');
});

test.each([
  ['MUTABLE', [], false],
  ['IMMUTABLE', [], true],
  ['IMMUTABLE_WITH_EXCLUSION', ['latest*'], false],
  ['IMMUTABLE_WITH_EXCLUSION', ['l?test'], true],
  ['MUTABLE_WITH_EXCLUSION', ['*-test'], true],
  ['MUTABLE_WITH_EXCLUSION', ['latest'], false],
])('tags of a repository that is %s with exclusions %j', async (imageTagMutability, filters, immutable) => {
  const imageTagMutabilityExclusionFilters = filters.map((filter) => ({ filterType: 'WILDCARD', filter }));
  const registry = await open({
    DescribeRepositories: repository({ imageTagMutability, imageTagMutabilityExclusionFilters }),
  });
  expect(await registry.isImmutable('latest-test')).toBe(immutable);
});

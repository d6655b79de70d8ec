import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { blocksOf } from '../../../script/page-blocks.ts';
import { read, root } from '../docs/pages.ts';

/** How IAM calls the services of the SDK's packages. */
const PREFIXES: Readonly<Record<string, string>> = {
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  elb: 'elasticloadbalancing',
  'cloudwatch-logs': 'logs',
  'application-auto-scaling': 'application-autoscaling',
};

/** Asked for by AWS on the way: tags of what is made, roles that are passed on, roles that a service makes for itself. */
const ON_THE_WAY = [
  'cloudwatch:TagResource',
  'ec2:CreateTags',
  'ecr:TagResource',
  'iam:CreateServiceLinkedRole',
  'iam:PassRole',
  'iam:TagRole',
  'logs:TagResource',
];

test('the policy of docs/verify-on-aws.md allows what is called, and nothing else', () => {
  const [policy] = blocksOf(read('docs/verify-on-aws.md'), 'json');
  const { Statement }: { Statement: { Action: string | string[] }[] } = JSON.parse(policy!);
  const allowed = Statement.flatMap(({ Action }) => Action);
  expect(new Set(allowed).size).toBe(allowed.length);
  expect(allowed.toSorted()).toEqual(
    [...new Set([...calledInCode(), ...calledInTemplate(), ...ON_THE_WAY])].toSorted(),
  );
});

function calledInCode(): string[] {
  const files = readdirSync(join(root, 'test/conformance'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('contract/run.ts'))
    .flatMap((file) => {
      const text = read(join('test/conformance', file));
      const imports = [...text.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-([a-z0-9-]+)'/g)];
      return imports.flatMap(([, names = '', service = '']) =>
        [...names.matchAll(/(\w+)Command\b/g)].map(
          ([, operation]) => `${PREFIXES[service] ?? service}:${operation}`,
        ),
      );
    });
}

function calledInTemplate(): string[] {
  const resources: { call: string }[] = JSON.parse(read('test/conformance/stack/template.json'));
  return resources.map(({ call }) => {
    const [service = '', operation = ''] = call.split(' ');
    return `${PREFIXES[service] ?? service}:${operation}`;
  });
}

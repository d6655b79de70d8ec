import { deepEqual, equal, ok, partialDeepStrictEqual } from 'node:assert/strict';
import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import type { ContractCase, Place } from '../contract.ts';
import { refused } from '../contract.ts';
import { register } from './ecs-parts.ts';

export const taskDefinitionCases: readonly ContractCase[] = [
  {
    name: 'ecs: a task definition is registered as revision 1 of its family, then 2',
    async run(place) {
      const family = place.name('family');
      const first = await register(place, family);
      const second = await register(place, family);
      deepEqual(
        [first, second].map(({ revision, status }) => [revision, status]),
        [
          [1, 'ACTIVE'],
          [2, 'ACTIVE'],
        ],
      );
      ok(second.taskDefinitionArn!.endsWith(`:task-definition/${family}:2`));
    },
  },
  {
    name: 'ecs: ECS fills in defaults of a task definition',
    async run(place) {
      const { containerDefinitions, ...rest } = await register(place, place.name('family'));
      partialDeepStrictEqual(containerDefinitions, [
        {
          name: 'web',
          image: 'example/web:1',
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
        },
      ]);
      partialDeepStrictEqual(rest, { volumes: [], placementConstraints: [], networkMode: 'awsvpc' });
      ok(rest.compatibilities!.includes('FARGATE'));
    },
    differs: {
      moto: {
        why: 'does not fill in port mappings; AWS documents tcp, and the same host port with awsvpc',
        seen: 'hostPort: 8080',
      },
    },
  },
  {
    name: 'ecs: a family name means its latest active revision',
    async run(place) {
      const family = place.name('family');
      await register(place, family);
      const second = await register(place, family);
      equal(await revisionOf(place, family), 2);
      equal(await revisionOf(place, `${family}:1`), 1);
      equal(await revisionOf(place, second.taskDefinitionArn!), 2);
      await place.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: second.taskDefinitionArn }));
      equal(await revisionOf(place, family), 1);
    },
    differs: {
      moto: {
        why: 'returns the latest revision even if it is deregistered; AWS documents the latest ACTIVE one',
        seen: '2 !== 1',
      },
    },
  },
  {
    name: 'ecs: a deregistered revision is INACTIVE, can be described, and is listed only as INACTIVE',
    async run(place) {
      const family = place.name('family');
      const { taskDefinitionArn } = await register(place, family);
      const { taskDefinition } = await place.ecs.send(
        new DeregisterTaskDefinitionCommand({ taskDefinition: `${family}:1` }),
      );
      equal(taskDefinition!.status, 'INACTIVE');
      const described = await place.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: `${family}:1` }),
      );
      equal(described.taskDefinition!.status, 'INACTIVE');
      ok(described.taskDefinition!.deregisteredAt instanceof Date);
      deepEqual(await listed(place, family, 'ACTIVE'), []);
      deepEqual(await listed(place, family, 'INACTIVE'), [taskDefinitionArn]);
    },
    differs: {
      moto: {
        why: 'does not return when a revision was deregistered; the model has deregisteredAt',
        seen: 'deregisteredAt',
      },
    },
  },
  {
    name: 'ecs: the number of a deregistered revision is not reused',
    async run(place) {
      const family = place.name('family');
      await register(place, family);
      await place.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${family}:1` }));
      equal((await register(place, family)).revision, 2);
    },
  },
  {
    name: 'ecs: a missing task definition is a ClientException',
    async run({ ecs, name }) {
      const taskDefinition = `${name('missing')}:1`;
      await refused('ClientException', ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition })));
      await refused('ClientException', ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition })));
    },
  },
  {
    name: 'ecs: revisions are listed by family and revision, in ascending order by default',
    async run(place) {
      const family = place.name('family');
      const arns = [
        (await register(place, family)).taskDefinitionArn!,
        (await register(place, family)).taskDefinitionArn!,
      ];
      deepEqual(await listed(place, family, 'ACTIVE'), arns);
      const { taskDefinitionArns } = await place.ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: family, sort: 'DESC' }),
      );
      deepEqual(taskDefinitionArns, arns.toReversed());
    },
    differs: { moto: { why: 'does not sort; AWS documents both orders', seen: 'Expected values to be' } },
  },
  {
    name: 'ecs: families are listed by prefix',
    async run(place) {
      const family = place.name('family');
      await register(place, `${family}-a`);
      await register(place, `${family}-b`);
      const { families } = await place.ecs.send(
        new ListTaskDefinitionFamiliesCommand({ familyPrefix: family, status: 'ACTIVE' }),
      );
      deepEqual(families, [`${family}-a`, `${family}-b`]);
    },
  },
  {
    name: 'ecs: a task definition without containers, or for Fargate without size, is refused',
    async run(place) {
      const family = place.name('family');
      await refused('ClientException', register(place, family, { containerDefinitions: [] }));
      await refused('ClientException', register(place, family, { cpu: undefined, memory: undefined }));
    },
    differs: {
      moto: {
        why: 'accepts a task definition without containers; AWS documents that the list cannot be empty',
        seen: 'expected ClientException, got',
      },
    },
  },
  {
    name: 'ecs: a container of an EC2 task definition requires a memory limit',
    async run(place) {
      const containerDefinitions = [{ name: 'web', image: 'example/web:1' }];
      await refused(
        'ClientException',
        register(place, place.name('family'), {
          requiresCompatibilities: ['EC2'],
          networkMode: 'bridge',
          cpu: undefined,
          memory: undefined,
          containerDefinitions,
        }),
      );
    },
  },
  {
    name: 'ecs: tags of a task definition are returned if requested',
    async run(place) {
      const family = place.name('family');
      await register(place, family, { tags: [{ key: 'team', value: 'shop' }] });
      const plain = await place.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: family }));
      deepEqual(plain.tags ?? [], []);
      const full = await place.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: family, include: ['TAGS'] }),
      );
      ok(full.tags!.some(({ key, value }) => key === 'team' && value === 'shop'));
    },
  },
  {
    name: 'ecs: only a deregistered revision can be deleted',
    async run(place) {
      const family = place.name('family');
      await register(place, family);
      const { failures, taskDefinitions } = await place.ecs.send(
        new DeleteTaskDefinitionsCommand({ taskDefinitions: [`${family}:1`] }),
      );
      equal(failures!.length, 1);
      deepEqual(taskDefinitions, []);
      await place.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: `${family}:1` }));
      const deleted = await place.ecs.send(
        new DeleteTaskDefinitionsCommand({ taskDefinitions: [`${family}:1`] }),
      );
      equal(deleted.taskDefinitions![0]!.status, 'DELETE_IN_PROGRESS');
    },
  },
];

async function revisionOf({ ecs }: Place, taskDefinition: string): Promise<number> {
  const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return described.taskDefinition!.revision!;
}

async function listed({ ecs }: Place, familyPrefix: string, status: 'ACTIVE' | 'INACTIVE') {
  const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, status }));
  return taskDefinitionArns;
}

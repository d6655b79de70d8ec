import { deepEqual, equal, ok, partialDeepStrictEqual } from 'node:assert/strict';
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTasksCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { ContractCase } from '../contract.ts';
import { eventually, refused } from '../contract.ts';
import { createCluster, createService, register } from './ecs-parts.ts';

export const serviceCases: readonly ContractCase[] = [
  {
    name: 'ecs: a new service is ACTIVE and has the requested settings and the defaults of AWS',
    async run(place) {
      const { cluster, serviceName, taskDefinition } = await createService(place);
      const { services, failures } = await place.ecs.send(
        new DescribeServicesCommand({ cluster: cluster.name, services: [serviceName] }),
      );
      deepEqual(failures, []);
      partialDeepStrictEqual(services, [
        {
          serviceName,
          clusterArn: cluster.arn,
          status: 'ACTIVE',
          desiredCount: 0,
          runningCount: 0,
          pendingCount: 0,
          launchType: 'FARGATE',
          taskDefinition: taskDefinition.taskDefinitionArn,
          schedulingStrategy: 'REPLICA',
          loadBalancers: [],
        },
      ]);
      ok(services![0]!.serviceArn!.endsWith(`:service/${cluster.name}/${serviceName}`));
      equal(services![0]!.deployments![0]!.status, 'PRIMARY');
    },
  },
  {
    name: 'ecs: without a deploymentConfiguration a service has 100 and 200 percent and rolling updates',
    async run(place) {
      const { service } = await createService(place);
      partialDeepStrictEqual(service.deploymentConfiguration, {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        strategy: 'ROLLING',
      });
    },
    differs: {
      moto: {
        why: 'returns no deploymentConfiguration if none was given; AWS documents the defaults',
        seen: 'Expected values to be',
      },
    },
  },
  {
    name: 'ecs: a service is listed with its ARN, and can be described by it',
    async run(place) {
      const { cluster, service } = await createService(place);
      const { serviceArns } = await place.ecs.send(new ListServicesCommand({ cluster: cluster.name }));
      deepEqual(serviceArns, [service.serviceArn]);
      const { services } = await place.ecs.send(
        new DescribeServicesCommand({ cluster: cluster.name, services: [service.serviceArn!] }),
      );
      equal(services![0]!.serviceName, service.serviceName);
    },
  },
  {
    name: 'ecs: an update changes the given settings only',
    async run(place) {
      const { cluster, serviceName, taskDefinition } = await createService(place);
      const next = await register(place, taskDefinition.family!);
      const { service } = await place.ecs.send(
        new UpdateServiceCommand({
          cluster: cluster.name,
          service: serviceName,
          taskDefinition: next.taskDefinitionArn,
        }),
      );
      partialDeepStrictEqual(service, {
        taskDefinition: next.taskDefinitionArn,
        desiredCount: 0,
        launchType: 'FARGATE',
      });
      const primary = service!.deployments!.find(({ status }) => status === 'PRIMARY');
      equal(primary!.taskDefinition, next.taskDefinitionArn);
    },
    differs: {
      moto: {
        why: 'returns the old task definition in the primary deployment; AWS documents the most recent one',
        seen: 'Expected values to be strictly equal',
      },
    },
  },
  {
    name: 'ecs: describing a missing service returns a failure, and all other calls are refused',
    async run(place) {
      const cluster = (await createCluster(place)).name;
      const service = place.name('missing');
      const { services, failures } = await place.ecs.send(
        new DescribeServicesCommand({ cluster, services: [service] }),
      );
      deepEqual(services, []);
      deepEqual(
        failures!.map(({ reason }) => reason),
        ['MISSING'],
      );
      ok(failures![0]!.arn!.endsWith(`/${service}`), failures![0]!.arn);
      await refused(
        'ServiceNotFoundException',
        place.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 })),
      );
      await refused(
        'ServiceNotFoundException',
        place.ecs.send(new DeleteServiceCommand({ cluster, service })),
      );
    },
  },
  {
    name: 'ecs: creating or updating a service with a missing task definition is refused',
    async run(place) {
      const { cluster, serviceName, input } = await createService(place);
      const taskDefinition = `${place.name('missing')}:1`;
      await refused(
        'ClientException',
        place.ecs.send(
          new CreateServiceCommand({ ...input, serviceName: place.name('other'), taskDefinition }),
        ),
      );
      await refused(
        'ClientException',
        place.ecs.send(
          new UpdateServiceCommand({ cluster: cluster.name, service: serviceName, taskDefinition }),
        ),
      );
    },
  },
  {
    name: 'ecs: a service cannot be created in a missing cluster',
    async run(place) {
      const { input } = await createService(place);
      await refused(
        'ClusterNotFoundException',
        place.ecs.send(new CreateServiceCommand({ ...input, cluster: place.name('missing') })),
      );
    },
  },
  {
    name: 'ecs: creating a service again with other settings is refused',
    async run(place) {
      const { input } = await createService(place);
      await refused(
        'InvalidParameterException',
        place.ecs.send(new CreateServiceCommand({ ...input, desiredCount: 1 })),
      );
    },
    differs: {
      moto: {
        why: 'replaces the service; AWS refuses calls that are not idempotent',
        seen: 'expected InvalidParameterException, got',
      },
    },
  },
  {
    name: 'ecs: a deleted service is INACTIVE, described, no longer listed, and cannot be updated',
    async run(place) {
      const { cluster, serviceName: service } = await createService(place);
      await place.ecs.send(new DeleteServiceCommand({ cluster: cluster.name, service }));
      await eventually(place.clock, async () => {
        const { services } = await place.ecs.send(
          new DescribeServicesCommand({ cluster: cluster.name, services: [service] }),
        );
        equal(services![0]!.status, 'INACTIVE');
      });
      const { serviceArns } = await place.ecs.send(new ListServicesCommand({ cluster: cluster.name }));
      deepEqual(serviceArns, []);
      await refused(
        'ServiceNotActiveException',
        place.ecs.send(new UpdateServiceCommand({ cluster: cluster.name, service, desiredCount: 1 })),
      );
    },
    differs: {
      moto: { why: 'lists it; AWS documents that it may remain to be described', seen: 'contract-service-' },
    },
  },
  {
    name: 'ecs: the name of a deleted service can be used again',
    async run(place) {
      const { cluster, serviceName: service, input } = await createService(place);
      await place.ecs.send(new DeleteServiceCommand({ cluster: cluster.name, service }));
      await eventually(place.clock, async () => {
        const again = await place.ecs.send(new CreateServiceCommand(input));
        equal(again.service!.status, 'ACTIVE');
      });
    },
  },
  {
    name: 'ecs: a service with a desired count can only be deleted with force',
    async run(place) {
      const { cluster, serviceName: service } = await createService(place);
      await place.ecs.send(new UpdateServiceCommand({ cluster: cluster.name, service, desiredCount: 1 }));
      await refused(
        'InvalidParameterException',
        place.ecs.send(new DeleteServiceCommand({ cluster: cluster.name, service })),
      );
      await place.ecs.send(new DeleteServiceCommand({ cluster: cluster.name, service, force: true }));
    },
  },
  {
    name: 'ecs: tags of a service are returned if requested, and can be changed',
    async run(place) {
      const { cluster, serviceName, service } = await createService(place, {
        tags: [{ key: 'team', value: 'shop' }],
      });
      const described = async (include?: ['TAGS']) => {
        const asked = { cluster: cluster.name, services: [serviceName], ...(include && { include }) };
        return (await place.ecs.send(new DescribeServicesCommand(asked))).services![0]!.tags ?? [];
      };
      deepEqual(await described(), []);
      ok((await described(['TAGS'])).some(({ key, value }) => key === 'team' && value === 'shop'));
      await place.ecs.send(
        new TagResourceCommand({ resourceArn: service.serviceArn, tags: [{ key: 'tier', value: '1' }] }),
      );
      const { tags } = await place.ecs.send(
        new ListTagsForResourceCommand({ resourceArn: service.serviceArn }),
      );
      ok(tags!.some(({ key, value }) => key === 'tier' && value === '1'));
    },
  },
  {
    name: 'ecs: describing no service or more than ten is refused',
    async run(place) {
      const cluster = (await createCluster(place)).name;
      const eleven = Array.from({ length: 11 }, (_, index) => `web-${index}`);
      for (const services of [[], eleven]) {
        await refused(
          'InvalidParameterException',
          place.ecs.send(new DescribeServicesCommand({ cluster, services })),
        );
      }
    },
    differs: {
      moto: {
        why: 'describes any number; AWS documents ten',
        seen: 'expected InvalidParameterException, got',
      },
    },
  },
  {
    name: 'ecs: a service without tasks lists none, and an unknown task is a failure',
    async run(place) {
      const { cluster, serviceName } = await createService(place);
      const { taskArns } = await place.ecs.send(new ListTasksCommand({ cluster: cluster.name, serviceName }));
      deepEqual(taskArns, []);
      const { tasks, failures } = await place.ecs.send(
        new DescribeTasksCommand({ cluster: cluster.name, tasks: ['0123456789abcdef0123456789abcdef'] }),
      );
      deepEqual(tasks, []);
      deepEqual(
        failures!.map(({ reason }) => reason),
        ['MISSING'],
      );
    },
    differs: {
      moto: {
        why: 'leaves out unknown tasks without a failure; the model has failures for them',
        seen: "'MISSING'",
      },
    },
  },
  {
    name: 'ecs: a service on Fargate requires a network configuration',
    async run(place) {
      const { input } = await createService(place);
      await refused(
        'InvalidParameterException',
        place.ecs.send(
          new CreateServiceCommand({
            ...input,
            serviceName: place.name('other'),
            networkConfiguration: undefined,
          }),
        ),
      );
    },
    differs: {
      moto: {
        why: 'ignores the network mode; AWS documents that awsvpc requires a network configuration',
        seen: 'expected InvalidParameterException, got',
      },
    },
  },
];

import { deepEqual, equal, ok, partialDeepStrictEqual } from 'node:assert/strict';
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { ContractCase } from '../contract.ts';
import { refused } from '../contract.ts';
import { createCluster, createService } from './ecs-parts.ts';

export const clusterCases: readonly ContractCase[] = [
  {
    name: 'ecs: a cluster is ACTIVE, empty, listed, and found by name or ARN',
    async run(place) {
      const cluster = await createCluster(place);
      const byName = await place.ecs.send(new DescribeClustersCommand({ clusters: [cluster.name] }));
      partialDeepStrictEqual(byName.clusters, [
        {
          clusterName: cluster.name,
          clusterArn: cluster.arn,
          status: 'ACTIVE',
          activeServicesCount: 0,
          runningTasksCount: 0,
          pendingTasksCount: 0,
          registeredContainerInstancesCount: 0,
        },
      ]);
      const byArn = await place.ecs.send(new DescribeClustersCommand({ clusters: [cluster.arn] }));
      equal(byArn.clusters![0]!.clusterName, cluster.name);
      const { clusterArns } = await place.ecs.send(new ListClustersCommand({}));
      ok(clusterArns!.includes(cluster.arn));
    },
  },
  {
    name: 'ecs: creating a cluster again returns the existing one',
    async run(place) {
      const { name, arn } = await createCluster(place);
      const { cluster } = await place.ecs.send(new CreateClusterCommand({ clusterName: name }));
      equal(cluster!.clusterArn, arn);
    },
  },
  {
    name: 'ecs: describing a missing cluster returns a failure, and all other calls are refused',
    async run({ ecs, name }) {
      const cluster = name('missing');
      const { clusters, failures } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
      deepEqual(clusters, []);
      equal(failures!.length, 1);
      equal(failures![0]!.reason, 'MISSING');
      ok(failures![0]!.arn!.endsWith(`:cluster/${cluster}`));
      for (const call of [
        () => ecs.send(new ListServicesCommand({ cluster })),
        () => ecs.send(new ListTasksCommand({ cluster })),
        () => ecs.send(new DescribeServicesCommand({ cluster, services: ['web'] })),
        () => ecs.send(new UpdateServiceCommand({ cluster, service: 'web', desiredCount: 1 })),
        () => ecs.send(new DeleteClusterCommand({ cluster })),
      ])
        await refused('ClusterNotFoundException', call());
    },
  },
  {
    name: 'ecs: a deleted cluster is INACTIVE and no longer listed',
    async run(place) {
      const { name, arn } = await createCluster(place);
      const { cluster } = await place.ecs.send(new DeleteClusterCommand({ cluster: name }));
      equal(cluster!.status, 'INACTIVE');
      const { clusterArns } = await place.ecs.send(new ListClustersCommand({}));
      ok(!clusterArns!.includes(arn), 'is listed');
    },
    differs: {
      moto: { why: 'lists it; AWS documents that it may remain to be described', seen: 'is listed' },
    },
  },
  {
    name: 'ecs: a cluster with a service cannot be deleted',
    async run(place) {
      const { cluster } = await createService(place);
      await refused(
        'ClusterContainsServicesException',
        place.ecs.send(new DeleteClusterCommand({ cluster: cluster.name })),
      );
    },
    differs: {
      moto: {
        why: 'deletes a cluster with services; the model has an error for this',
        seen: 'expected ClusterContainsServicesException, got',
      },
    },
  },
  {
    name: 'ecs: tags of a cluster are returned if requested, and can be changed',
    async run(place) {
      const { name, arn } = await createCluster(place, [{ key: 'team', value: 'shop' }]);
      const plain = await place.ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      deepEqual(plain.clusters![0]!.tags ?? [], []);
      const full = await place.ecs.send(new DescribeClustersCommand({ clusters: [name], include: ['TAGS'] }));
      ok(full.clusters![0]!.tags!.some(({ key, value }) => key === 'team' && value === 'shop'));
      await place.ecs.send(
        new TagResourceCommand({ resourceArn: arn, tags: [{ key: 'team', value: 'api' }] }),
      );
      const { tags } = await place.ecs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
      deepEqual(
        tags!.filter(({ key }) => key === 'team').map(({ value }) => value),
        ['api'],
      );
      await place.ecs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['team'] }));
      const after = await place.ecs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
      ok(!after.tags!.some(({ key }) => key === 'team'));
    },
  },
];

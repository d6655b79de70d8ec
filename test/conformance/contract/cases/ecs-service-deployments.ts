import { deepEqual, equal, match, ok } from 'node:assert/strict';
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs';
import type { ContractCase, Place } from '../contract.ts';
import { refused } from '../contract.ts';
import { createService } from './ecs-parts.ts';

const moto = { why: 'has no service deployments', seen: 'Deserialization error' };

export const serviceDeploymentCases: readonly ContractCase[] = [
  {
    name: 'ecs: a new service has a service deployment, which names its service and its revision',
    async run(place) {
      const { service, cluster } = await createService(place);
      const deployment = await newest(place, service.serviceArn!);
      match(deployment.serviceDeploymentArn!, /:service-deployment\/[^/]+\/[^/]+\/[^/]+$/);
      equal(deployment.serviceArn, service.serviceArn);
      equal(deployment.clusterArn, cluster.arn);
      match(deployment.targetServiceRevisionArn!, /:service-revision\/[^/]+\/[^/]+\/\d+$/);
      const { serviceRevisions } = await place.ecs.send(
        new DescribeServiceRevisionsCommand({ serviceRevisionArns: [deployment.targetServiceRevisionArn!] }),
      );
      equal(serviceRevisions![0]!.taskDefinition, service.taskDefinition);
    },
    differs: { moto },
  },
  {
    name: 'ecs: describing a missing service deployment returns a failure, and it cannot be stopped',
    async run(place) {
      const { service } = await createService(place);
      const { serviceDeploymentArn } = await newest(place, service.serviceArn!);
      const missing = `${serviceDeploymentArn!.slice(0, -22)}${'x'.repeat(22)}`;
      const { serviceDeployments, failures } = await place.ecs.send(
        new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [missing] }),
      );
      deepEqual(serviceDeployments, []);
      equal(failures!.length, 1);
      await refused(
        'ServiceDeploymentNotFoundException',
        place.ecs.send(
          new StopServiceDeploymentCommand({ serviceDeploymentArn: missing, stopType: 'ROLLBACK' }),
        ),
      );
    },
    differs: { moto },
  },
  {
    name: 'ecs: a hook that does not wait cannot be continued',
    async run(place) {
      const { service } = await createService(place);
      const { serviceDeploymentArn } = await newest(place, service.serviceArn!);
      await refused(
        'InvalidParameterException',
        place.ecs.send(
          new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: 'none', action: 'CONTINUE' }),
        ),
      );
    },
    differs: { moto },
  },
];

async function newest({ ecs }: Place, service: string) {
  const cluster = service.split('/').at(-2)!;
  const { serviceDeployments } = await ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
  ok(serviceDeployments!.length > 0, 'no service deployment is listed');
  return serviceDeployments![0]!;
}

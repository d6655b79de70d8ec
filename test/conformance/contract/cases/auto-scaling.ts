import { deepEqual, equal, partialDeepStrictEqual } from 'node:assert/strict';
import {
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { ContractCase, Place } from '../contract.ts';
import { refused } from '../contract.ts';
import { createService } from './ecs-parts.ts';

const DIMENSION = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const;

export const scalingCases: readonly ContractCase[] = [
  {
    name: 'auto scaling: a target keeps its capacity when only its suspension changes',
    async run(place) {
      const target = await registerTarget(place);
      await place.scaling.send(
        new RegisterScalableTargetCommand({ ...target, SuspendedState: { DynamicScalingInSuspended: true } }),
      );
      partialDeepStrictEqual(await targets(place, target.ResourceId), [
        {
          ...target,
          MinCapacity: 0,
          MaxCapacity: 4,
          SuspendedState: {
            DynamicScalingInSuspended: true,
            DynamicScalingOutSuspended: false,
            ScheduledScalingSuspended: false,
          },
        },
      ]);
    },
    differs: {
      moto: {
        why: 'returns only the given suspension values; AWS documents false as the default of all three',
        seen: 'DynamicScalingOutSuspended',
      },
    },
  },
  {
    name: 'auto scaling: a policy belongs to a target and is deleted with it',
    async run(place) {
      const target = await registerTarget(place);
      await place.scaling.send(
        new PutScalingPolicyCommand({
          ...target,
          PolicyName: 'cpu',
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: {
            TargetValue: 50,
            PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
          },
        }),
      );
      const policies = async () => {
        const { ScalingPolicies } = await place.scaling.send(
          new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs', ResourceId: target.ResourceId }),
        );
        return ScalingPolicies!.map(({ PolicyName }) => PolicyName);
      };
      deepEqual(await policies(), ['cpu']);
      await place.scaling.send(new DeregisterScalableTargetCommand(target));
      deepEqual(await policies(), []);
      deepEqual(await targets(place, target.ResourceId), []);
    },
    differs: {
      moto: { why: 'keeps the policy; AWS documents that deregistering deletes it', seen: "'cpu'" },
    },
  },
  {
    name: 'auto scaling: a new target needs its capacity',
    async run(place) {
      const { cluster, serviceName } = await createService(place);
      const ResourceId = `service/${cluster.name}/${serviceName}`;
      await refused(
        'ValidationException',
        place.scaling.send(new RegisterScalableTargetCommand({ ...DIMENSION, ResourceId, MinCapacity: 1 })),
      );
    },
    differs: {
      moto: {
        why: 'accepts it; AWS documents that both are required for a new target',
        seen: 'expected ValidationException, got',
      },
    },
  },
  {
    name: 'auto scaling: calls for a missing target are refused',
    async run({ scaling, name }) {
      const target = { ...DIMENSION, ResourceId: `service/${name('cluster')}/${name('missing')}` };
      await refused('ObjectNotFoundException', scaling.send(new DeregisterScalableTargetCommand(target)));
    },
    differs: {
      moto: {
        why: 'answers ValidationException; the model has ObjectNotFoundException for this operation',
        seen: 'ValidationException',
      },
    },
  },
];

async function registerTarget(place: Place) {
  const { cluster, serviceName } = await createService(place);
  const target = { ...DIMENSION, ResourceId: `service/${cluster.name}/${serviceName}` };
  await place.scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 0, MaxCapacity: 4 }));
  place.later(() => place.scaling.send(new DeregisterScalableTargetCommand(target)));
  equal((await targets(place, target.ResourceId)).length, 1);
  return target;
}

async function targets({ scaling }: Place, resourceId: string) {
  const { ScalableTargets } = await scaling.send(
    new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [resourceId] }),
  );
  return ScalableTargets!;
}

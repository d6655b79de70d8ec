// Performs what other people do to the service during a trial.
import { PutCompositeAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  ContinueServiceDeploymentCommand,
  DescribeServicesCommand,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { type Action, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { SimulatedAws } from '../support/simulated-aws.ts';
import type { Interference } from './trial.ts';
import type { GroundTruthReader } from './ground-truth.ts';
import { isRefusal } from '../../src/aws/errors.ts';
import { readRules, readTargets } from '../../src/aws/elb/rules-and-targets.ts';
import { groupsOf, lostInWords, lostTraffic, productionRuleOf } from '../../src/rollout/traffic/drift.ts';

export const OTHER_IMAGE = 'registry.example.com/shop/web@sha256:other';

/** Creates the alarm `pager`, which a rollout may watch. */
export async function createAlarm({ bystander }: SimulatedAws): Promise<void> {
  const cloudWatch = await bystander.cloudWatch();
  await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: 'pager', AlarmRule: 'FALSE' }));
  await cloudWatch.send(
    new SetAlarmStateCommand({ AlarmName: 'pager', StateValue: 'OK', StateReason: 'all is well' }),
  );
}

/** Ignores refusals of AWS. */
export async function interfere(
  aws: SimulatedAws,
  groundTruth: GroundTruthReader,
  { kind, count }: Interference,
): Promise<void> {
  const ecs = await aws.bystander.ecs();
  const { inProgress } = groundTruth.look();
  const serviceDeploymentArn = inProgress?.serviceDeploymentArn;
  switch (kind) {
    case 'deploys before':
    case 'deploys':
      await ecs
        .send(
          new UpdateServiceCommand({
            cluster: 'shop',
            service: 'web',
            taskDefinition: await aws.register(OTHER_IMAGE),
          }),
        )
        .catch(refused);
      return;
    case 'scales':
      await ecs
        .send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount: count }))
        .catch(refused);
      return;
    case 'stops it':
    case 'aborts it':
      if (!serviceDeploymentArn) return;
      await ecs
        .send(
          new StopServiceDeploymentCommand({
            serviceDeploymentArn,
            stopType: kind === 'aborts it' ? 'ABORT' : 'ROLLBACK',
          }),
        )
        .catch(refused);
      return;
    case 'answers the pause': {
      const hook = inProgress?.lifecycleHookDetails?.find(({ status }) => status === 'AWAITING_ACTION');
      if (!hook) return;
      await ecs
        .send(
          new ContinueServiceDeploymentCommand({
            serviceDeploymentArn,
            hookId: hook.hookId,
            action: count % 2 === 0 ? 'CONTINUE' : 'ROLLBACK',
          }),
        )
        .catch(refused);
      return;
    }
    case 'changes weights':
      await (
        await aws.bystander.elasticLoadBalancing()
      ).send(
        new ModifyListenerCommand({
          ListenerArn: aws.listener,
          DefaultActions: [
            {
              Type: 'forward',
              ForwardConfig: {
                TargetGroups: aws.targetGroups.map((TargetGroupArn, index) => ({
                  TargetGroupArn,
                  Weight: index === 0 ? 10 * count : 100 - 10 * count,
                })),
              },
            },
          ],
        }),
      );
      return;
    case 'alarm':
      await (
        await aws.bystander.cloudWatch()
      )
        .send(new SetAlarmStateCommand({ AlarmName: 'pager', StateValue: 'ALARM', StateReason: 'page me' }))
        .catch(refused);
      return;
  }
}

function refused(error: unknown): void {
  if (!isRefusal(error)) throw error;
}

/** Corrects weights that lead to no task by the command that ecs-ramp prints. */
export async function correctWeights({ bystander }: SimulatedAws): Promise<void> {
  const [ecs, elb] = await Promise.all([bystander.ecs(), bystander.elasticLoadBalancing()]);
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }),
  );
  for (const service of services) {
    const rule = (await readRules(elb, [productionRuleOf(service) ?? []].flat())).values().next().value;
    const lost = rule && lostTraffic(service, rule, await readTargets(elb, groupsOf(service)));
    if (!lost) continue;
    const [, ListenerArn, actions] = /modify-listener --listener-arn (\S+) --default-actions '(.*)'$/.exec(
      lostInWords(lost, service),
    )!;
    const DefaultActions: Action[] = JSON.parse(actions!);
    await elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions }));
  }
}

import { ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { linearSteps, refusal } from '../stage.ts';
import type { Pause } from '../stage.ts';
import type { Story } from '../story.ts';

const BAKE_MINUTES = 3;

/** A rollout like the action's: 30, 60, 90, 100% and a bake time. */
export const linearStepsStory: Story = {
  name: 'steps of 30%, continued at each pause',
  minutes: 15,
  checks: [
    'resolved-configuration-soon',
    'service-shows-new-task-definition',
    'weight-at-pause',
    'expires-at',
    'configuration-while-deploying',
    'configuration-snapshot',
    'partial-configuration',
    'hooks-listed',
    'answer-twice',
    'weights-not-put-right',
    'desired-count-while-deploying',
    'pause-before-each-step',
    'last-step-is-100',
    'configuration-in-bake',
    'updated-at-marks-bake',
    'load-balancers-as-configured',
    'target-group-of-revision',
  ],
  async play(stage, note) {
    const { clock } = stage;
    const wanted = await stage.next();
    const before = await stage.described();
    const began = clock.now();
    const arn = await stage.deploy(linearSteps(30, { bakeTimeInMinutes: BAKE_MINUTES }), wanted);
    await stage.until('resolvedConfiguration', async () => {
      const { resolvedConfiguration } = await stage.revision(
        (await stage.show(arn)).targetServiceRevision!.arn!,
      );
      return resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
    });
    const took = (clock.now() - began) / SECOND;
    note('resolved-configuration-soon', took < 120, `after ${took} s`);

    const pauses: Pause[] = [];
    const requested: (number | undefined)[] = [];
    for (let at = await stage.pause(arn); ; at = await stage.pause(arn, at.hookId)) {
      pauses.push(at);
      const { deployment, hook, hookId, seenAt } = at;
      const weight = deployment.targetServiceRevision!.requestedProductionTrafficWeight;
      requested.push(weight);
      const onRule = await stage.share(deployment);
      note('weight-at-pause', weight === onRule, `requested ${weight}%, on the rule ${onRule}%`);
      const early = hook.expiresAt!.getTime() - linearSteps.timeout - seenAt;
      note(
        'expires-at',
        Math.abs(early) <= 20 * SECOND,
        `${Math.round(early / SECOND)} s from the time it was observed`,
      );
      if (pauses.length === 1) {
        const { taskDefinition } = await stage.described();
        note('service-shows-new-task-definition', taskDefinition === wanted, taskDefinition!);
      }
      if (pauses.length === 2) {
        const code = await refusal(
          stage.update({ deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 } }),
        );
        note('configuration-while-deploying', code === null, code ?? 'accepted');
        const { deploymentConfiguration } = await stage.show(arn);
        note(
          'configuration-snapshot',
          deploymentConfiguration?.strategy === 'LINEAR',
          `${deploymentConfiguration?.strategy}`,
        );
        const kept = (await stage.described()).deploymentConfiguration!.lifecycleHooks?.length ?? 0;
        note('partial-configuration', kept === 1, `${kept} hooks after an update without hooks`);
        const statuses = deployment.lifecycleHookDetails!.map(({ status }) => status).join(', ');
        note('hooks-listed', statuses === 'SUCCEEDED, AWAITING_ACTION', statuses);
      }
      if (pauses.length === 3) {
        await stage.update({ desiredCount: 3 });
        const counts = await stage
          .until(
            'three tasks of both',
            async () => {
              const { sourceServiceRevisions, targetServiceRevision } = await stage.show(arn);
              const now = [...sourceServiceRevisions!, targetServiceRevision!].map(
                (one) => one.requestedTaskCount,
              );
              return now.every((count) => count === 3) && now;
            },
            MINUTE,
          )
          .catch(() => null);
        note(
          'desired-count-while-deploying',
          counts !== null,
          counts ? '3 and 3' : 'not both within a minute',
        );
        await stage.update({ desiredCount: 2 });
        const weights = await stage.weights();
        await setWeights(stage, new Map([...weights].map(([group]) => [group, 50])));
        await stage.wait(MINUTE);
        const after = [...(await stage.weights()).values()].join(':');
        note('weights-not-put-right', after === '50:50', `${after} a minute after 50:50`);
        await setWeights(stage, weights);
      }
      await stage.answer(arn, hookId, 'CONTINUE');
      if (pauses.length === 1) {
        const code = await refusal(stage.answer(arn, hookId, 'CONTINUE'));
        note('answer-twice', code === 'InvalidParameterException', code ?? 'accepted');
      }
      if (weight === 90 || pauses.length === 10) break;
    }
    const ids = new Set(pauses.map(({ hookId }) => hookId)).size;
    const steps = requested.join(', ');
    note(
      'pause-before-each-step',
      ids === pauses.length && steps === '0, 30, 60, 90',
      `at ${steps}%, ${ids} ids`,
    );

    const baking = await stage.until('the bake', async () => {
      const deployment = await stage.show(arn);
      return deployment.lifecycleStage === 'BAKE_TIME' && { deployment, at: clock.now() };
    });
    const last = await stage.share(baking.deployment);
    note('last-step-is-100', last === 100, `${last}%`);
    const code = await refusal(stage.update({ deploymentConfiguration: before.deploymentConfiguration! }));
    note('configuration-in-bake', code === null, code ?? 'accepted');
    const marked = baking.deployment.updatedAt!.getTime();
    await stage.wait(MINUTE);
    const later = (await stage.show(arn)).updatedAt!.getTime();
    const off = Math.round((baking.at - marked) / SECOND);
    note(
      'updated-at-marks-bake',
      marked === later && off <= 20,
      `${off} s before it was observed${marked === later ? '' : ', changed afterwards'}`,
    );

    const { targetServiceRevision, sourceServiceRevisions } = await stage.over(arn);
    const shown = (await stage.described()).loadBalancers![0]!.targetGroupArn;
    note('load-balancers-as-configured', shown === before.loadBalancers![0]!.targetGroupArn, `${shown}`);
    const groups = await Promise.all(
      [sourceServiceRevisions![0]!, targetServiceRevision!].map(async ({ arn }) => {
        const { resolvedConfiguration } = await stage.revision(arn!);
        return resolvedConfiguration!.loadBalancers![0]!.targetGroupArn!;
      }),
    );
    note(
      'target-group-of-revision',
      groups[0] !== groups[1],
      groups.map((group) => group.split('/')[1]).join(', then '),
    );
  },
};

type Stage = Parameters<Story['play']>[0];

async function setWeights({ aws, stack }: Stage, weights: ReadonlyMap<string, number>): Promise<void> {
  const TargetGroups = [...weights].map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  await aws.elb.send(
    new ModifyRuleCommand({
      RuleArn: stack['80Rule'],
      Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    }),
  );
}

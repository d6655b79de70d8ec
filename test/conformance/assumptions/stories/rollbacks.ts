import { SECOND } from '../../../../src/core/time/clock.ts';
import { linearSteps, refusal } from '../stage.ts';
import type { Story } from '../story.ts';

export const stopStory: Story = {
  name: 'stopped at 60%, after an update was refused',
  minutes: 8,
  checks: [
    'update-while-deploying',
    'rollback-at-once',
    'rollback-stages',
    'rollback-shows-old-task-definition',
    'stop-twice',
  ],
  async play(stage, note) {
    const old = (await stage.described()).taskDefinition!;
    const arn = await stage.deploy(linearSteps(60));
    const { deployment, hookId } = await stage.pause(arn);
    const update = await refusal(stage.update({ taskDefinition: old }));
    note('update-while-deploying', update === 'InvalidParameterException', update ?? 'accepted');
    await stage.answer(arn, hookId, 'CONTINUE');
    await stage.pause(arn, hookId);

    await stage.stop(arn, 'ROLLBACK');
    const began = stage.clock.now();
    const twice = await refusal(stage.stop(arn, 'ROLLBACK'));
    note('stop-twice', twice === 'ConflictException', twice ?? 'accepted');
    const shares: number[] = [];
    const stages = new Set<string>();
    const shown = new Set<string>();
    let back: number | null = null as number | null;
    const end = await stage.over(arn, async ({ status, lifecycleStage }) => {
      if (status !== 'ROLLBACK_IN_PROGRESS') return;
      if (lifecycleStage !== undefined) stages.add(lifecycleStage);
      const share = await stage.share(deployment);
      shares.push(share);
      if (share === 0) back ??= stage.clock.now();
      shown.add((await stage.described()).taskDefinition!);
    });
    const share = await stage.share(deployment);
    const steps = new Set(shares.filter((each) => each > 0 && each < 60)).size;
    const took = back === null ? '' : `, back after ${Math.round((back - began) / SECOND)} s`;
    note(
      'rollback-at-once',
      end.status === 'ROLLBACK_SUCCESSFUL' && share === 0 && steps === 0,
      `${end.status}, ${share}%, ${steps} shares between${took}`,
    );
    const known = [...stages].every((name) => ['PRODUCTION_TRAFFIC_SHIFT', 'CLEAN_UP'].includes(name));
    note('rollback-stages', known, [...stages].join(', ') || 'none observed');
    note(
      'rollback-shows-old-task-definition',
      [...shown].every((each) => each === old),
      [...shown].join(', '),
    );
  },
};

export const answerStory: Story = {
  name: 'one pause continued, the next one answered with ROLLBACK',
  minutes: 6,
  checks: ['hook-status', 'tenths-of-a-percent'],
  async play(stage, note) {
    const arn = await stage.deploy(linearSteps(12.5));
    const { hookId } = await stage.continuePauses(arn, 1);
    const weights = [...(await stage.weights()).values()].toSorted((a, b) => a - b).join(':');
    note('tenths-of-a-percent', weights === '125:875', weights);
    await stage.answer(arn, hookId, 'ROLLBACK');
    const { lifecycleHookDetails } = await stage.over(arn);
    const statuses = lifecycleHookDetails!.map(({ status }) => status).join(', ');
    note('hook-status', statuses === 'SUCCEEDED, FAILED', statuses);
  },
};

export const abortStory: Story = {
  name: 'aborted at 60%, then deployed again',
  minutes: 10,
  checks: ['abort-leaves-everything'],
  async play(stage, note) {
    const arn = await stage.deploy(linearSteps(60));
    const { deployment } = await stage.continuePauses(arn, 1);
    await stage.stop(arn, 'ABORT');
    const end = await stage.over(arn);
    const share = await stage.share(deployment);
    const running = end.targetServiceRevision!.runningTaskCount ?? 0;
    const stages = new Set<string | undefined>();
    const next = await stage.deploy(
      linearSteps(100, { lifecycleHooks: [] }),
      stage.stack['goodTaskDefinition'],
    );
    await stage.over(next, ({ lifecycleStage }) => void stages.add(lifecycleStage));
    note(
      'abort-leaves-everything',
      end.status === 'STOPPED' && share === 60 && running > 0 && stages.has('RECONCILE_SERVICE'),
      `${end.status}, ${share}%, ${running} tasks; then ${[...stages].filter(Boolean).join(', ')}`,
    );
  },
};

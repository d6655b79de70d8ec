import type { Event } from '../../../../src/core/trail/event.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import {
  ARNS,
  KEEP_OLD,
  STEPS,
  WELL,
  begun,
  found,
  looked,
  minute,
  planned,
  released,
  started,
  stepBegun,
  taskDefinitionReady,
  telling,
  waited,
  type Behaviour,
  type Ramp,
  type Telling,
} from './telling.ts';

/** Complete trails of runs of ecs-ramp. */
export const trails = {
  good,
  errors,
  slow,
  crash,
  cancelled,
  noRoom,
  dirty,
  unchanged,
  buildFailed,
  inputsWrong,
  dryRun,
  killed,
} satisfies Record<string, () => readonly Event[]>;

/** Five steps of some minutes each, without problems. */
function good(): readonly Event[] {
  const story = started();
  const ramp: Ramp = { origin: story.now + 5 * SECOND, minutes: [] };
  for (const percent of STEPS) {
    stepBegun(story.after(5 * SECOND), percent);
    if (percent === 100) break;
    const length = percent === 10 ? 8 : 5;
    hold(story, ramp, { percent, minutes: length, behaviour: WELL });
    const because = `G = 24.1, 20 is enough: the new revision failed 3 of ${300 * percent} requests, at most 1% is tolerated.`;
    looked(story, ramp, { percent, verdict: 'pass', because, total: 0.7 });
    story.tell({ kind: 'step-passed', percent, because, took: length * MINUTE });
  }
  for (const _ of [1, 2]) ramp.minutes.push(minute(ramp.minutes.length, 100, WELL));
  looked(story.after(2 * MINUTE), ramp, {
    percent: 100,
    verdict: 'pass',
    because: 'No error at 100%.',
    total: 0.7,
  });
  return story.tell({
    kind: 'finished',
    outcome: 'deployed',
    reason:
      'Every step passed on evidence; the listener rule gives the new revision 100% and ECS reports SUCCESSFUL.',
    took: story.now - Number(story.events[0]?.at),
    canaryPercent: 100,
    oldRevisionUntil: story.now + KEEP_OLD,
  }).events;
}

/** 8% of the canary's requests fail. */
function errors(): readonly Event[] {
  return undone({ ...WELL, errors: 0.081 }, 5, {
    because:
      '121 of 1,493 requests to the new revision failed (8.1%), 14 of 13,437 to the old one (0.1%): 41,000,000 times more likely if the new revision is worse; 100 is enough to roll back.',
    total: 4.1e7,
  });
}

/** The canary takes twice as long to answer. */
function slow(): readonly Event[] {
  return undone({ ...WELL, slow: [0.93, 0.41, 0.06] }, 6, {
    because:
      '734 of 1,791 requests to the new revision took longer than 288 ms (41%), 1,612 of 16,119 to the old one longer than 240 ms (10%): 2,300 times more likely if the new revision is slower; 100 is enough to roll back.',
    total: 2_300,
  });
}

/** The new container exits at start: it never gets traffic. */
function crash(): readonly Event[] {
  const story = waited(released(), 'the new tasks to become healthy (0 of 4 are)', 48 * SECOND);
  const reason = 'The new tasks exit at start: 3 stopped, web with exit code 1 each time.';
  story.tell({ kind: 'rollback-requested', percent: 0, cause: 'start', reason });
  const stopped = (task: string, seconds: number) => ({
    taskArn: ARNS.task.replace('4f0c9a7b', task),
    stoppedAt: story.now - seconds * SECOND,
    stopCode: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    containers: [
      { name: 'web', exitCode: 1, reason: null },
      { name: 'log-router', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
  });
  return story
    .after(SECOND)
    .tell({
      kind: 'diagnosed',
      serviceEvents: [
        {
          at: story.now - 4 * SECOND,
          message: '(service web) (task 4f0c9a7be21d) failed container health checks.',
        },
        { at: story.now - 31 * SECOND, message: '(service web) has started 4 tasks: (task 4f0c9a7be21d).' },
      ],
      stoppedTasks: [stopped('4f0c9a7b', 4), stopped('81aa02f1', 17), stopped('c0ffee11', 29)],
      log: {
        source: '/ecs/shop/web, stream web/web/4f0c9a7be21d4c55a1b0c3d2e1f09876',
        group: '/ecs/shop/web',
        stream: 'web/web/4f0c9a7be21d4c55a1b0c3d2e1f09876',
        lines: [
          '> shop-web@1.5.0 start',
          '> node dist/server.js',
          '',
          'node:internal/modules/cjs/loader:1372',
          '  throw err;',
          '  ^',
          "Error: Cannot find module './config/production.json'",
          '    at Module._resolveFilename (node:internal/modules/cjs/loader:1369:15)',
          '    at Module._load (node:internal/modules/cjs/loader:1192:27)',
          '    at require (node:internal/modules/helpers:141:16)',
        ],
      },
    })
    .after(22 * SECOND)
    .tell({
      kind: 'finished',
      outcome: 'rolled-back',
      reason: `${reason} No request of a user reached them.`,
      took: story.now - Number(story.events[0]?.at),
      canaryPercent: 0,
      oldRevisionUntil: null,
    }).events;
}

/** Somebody cancels the workflow at 30%. */
function cancelled(): readonly Event[] {
  const story = started();
  const ramp: Ramp = { origin: story.now, minutes: [] };
  stepBegun(story, 10);
  hold(story, ramp, { percent: 10, minutes: 6, behaviour: WELL });
  story.tell({ kind: 'step-passed', percent: 10, because: 'G = 22, 20 is enough.', took: 6 * MINUTE });
  stepBegun(story.after(4 * SECOND), 30);
  hold(story, ramp, { percent: 30, minutes: 2, behaviour: WELL });
  story.after(11 * SECOND).tell({ kind: 'cancel-requested', signal: 'SIGINT' });
  const reason = 'The run was cancelled at 30% (SIGINT), and cancel means undo.';
  story.tell({ kind: 'rollback-requested', percent: 30, cause: 'cancel', reason });
  return backOn(story.after(2 * SECOND), reason);
}

/** The cluster has no room for the new tasks: the release is not tried. */
function noRoom(): readonly Event[] {
  const full =
    'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 3fe1) has insufficient CPU units available';
  const story = waited(released(), `room for the new tasks (0 of 4 are running; ECS ${full})`, 30 * MINUTE);
  const reason = `the release was not tried: ECS found no room for the new tasks within 30m (0 of 4 are running). ECS ${full}`;
  story.tell({ kind: 'rollback-requested', percent: 0, cause: 'capacity', reason });
  return story.after(30 * SECOND).tell({
    kind: 'finished',
    outcome: 'failed',
    reason: `${reason.replace('the release', 'The release')}.`,
    took: story.now - Number(story.events[0]?.at),
    canaryPercent: 0,
    oldRevisionUntil: null,
  }).events;
}

/** The rollback was requested, but the weights did not change. */
function dirty(): readonly Event[] {
  const story = started();
  const ramp: Ramp = { origin: story.now, minutes: [] };
  stepBegun(story, 10);
  hold(story, ramp, { percent: 10, minutes: 4, behaviour: { ...WELL, errors: 0.2 } });
  const reason =
    '244 of 1,190 requests to the new revision failed (20.5%), 11 of 10,710 to the old one (0.1%).';
  looked(story, ramp, { percent: 10, verdict: 'rollback', because: reason, total: 9e30 });
  story.tell({ kind: 'rollback-requested', percent: 10, cause: 'judge', reason });
  waited(story, 'the listener rule to give the old revision 100%', 3 * MINUTE);
  return story.tell({
    kind: 'finished',
    outcome: 'dirty',
    reason:
      'The rollback was requested, but after 3m the listener rule still gives the new revision 10%: AccessDenied on elasticloadbalancing:DescribeRules.',
    took: story.now - Number(story.events[0]?.at),
    canaryPercent: null,
    oldRevisionUntil: null,
  }).events;
}

function unchanged(): readonly Event[] {
  const story = telling()
    .tell(begun)
    .after(SECOND)
    .tell(found)
    .after(3 * SECOND);
  return story
    .tell({ kind: 'built', took: 0, reused: true })
    .tell({
      ...taskDefinitionReady,
      taskDefinitionArn: ARNS.before,
      previousTaskDefinitionArn: ARNS.before,
      unchanged: true,
      changes: [],
    })
    .tell({
      kind: 'finished',
      outcome: 'unchanged',
      reason: 'web:41 runs this image with this task definition on all 4 tasks.',
      took: 4 * SECOND,
      canaryPercent: 100,
      oldRevisionUntil: null,
    }).events;
}

function buildFailed(): readonly Event[] {
  return telling()
    .tell(begun)
    .after(SECOND)
    .tell(found)
    .after(21 * SECOND)
    .tell({
      kind: 'finished',
      outcome: 'failed',
      reason:
        'Dockerfile, line 7: `RUN npm ci` ended with exit code 1: npm error code EUSAGE: package.json and package-lock.json are not in sync.',
      took: 22 * SECOND,
      canaryPercent: 0,
      oldRevisionUntil: null,
    }).events;
}

function inputsWrong(): readonly Event[] {
  return telling()
    .tell({
      kind: 'notice',
      level: 'error',
      message: 'Input bake-time: "5 min" is no duration; write 90s, 5m or 1h.',
    })
    .tell({ kind: 'notice', level: 'error', message: 'Input stepz is not known; did you mean steps?' })
    .tell({
      kind: 'finished',
      outcome: 'failed',
      reason: '2 inputs are wrong.',
      took: 90,
      canaryPercent: null,
      oldRevisionUntil: null,
    }).events;
}

function dryRun(): readonly Event[] {
  return telling()
    .tell({ ...begun, dryRun: true })
    .after(SECOND)
    .tell(found)
    .after(SECOND)
    .tell({ ...taskDefinitionReady, taskDefinitionArn: ARNS.before })
    .tell(planned)
    .tell({
      kind: 'notice',
      level: 'warning',
      message: 'The alarm web-5xx fires already: it would be ignored during the rollout.',
    })
    .tell({
      kind: 'finished',
      outcome: 'unchanged',
      reason: 'A dry run: everything needed is there, nothing was changed.',
      took: 2 * SECOND,
      canaryPercent: 0,
      oldRevisionUntil: null,
    }).events;
}

/** kill -9 at 30%: the trail has no end. */
function killed(): readonly Event[] {
  const events = cancelled();
  return events.slice(
    0,
    events.findIndex(({ kind }) => kind === 'cancel-requested'),
  );
}

interface Holding {
  readonly percent: number;
  readonly minutes: number;
  readonly behaviour: Behaviour;
}

function hold(story: Telling, ramp: Ramp, { percent, minutes, behaviour }: Holding): void {
  for (let passed = 0; passed < minutes; passed++) {
    ramp.minutes.push(minute(ramp.minutes.length, percent, behaviour));
    story.after(MINUTE);
    const because = `Evidence that it is good: 4.2, 20 is enough; ${passed + 1}m of at least 4m at this step.`;
    looked(story, ramp, { percent, verdict: 'hold', because, total: 0.9 });
  }
}

function undone(
  behaviour: Behaviour,
  minutes: number,
  seen: { because: string; total: number },
): readonly Event[] {
  const story = started();
  const ramp: Ramp = { origin: story.now, minutes: [] };
  stepBegun(story, 10);
  hold(story, ramp, { percent: 10, minutes, behaviour });
  looked(story.after(20 * SECOND), ramp, { percent: 10, verdict: 'rollback', ...seen });
  story.tell({ kind: 'rollback-requested', percent: 10, cause: 'judge', reason: seen.because });
  story.after(SECOND).tell({
    kind: 'diagnosed',
    serviceEvents: [{ at: story.now - 6 * MINUTE, message: '(service web) has reached a steady state.' }],
    stoppedTasks: [],
    log: null,
  });
  return backOn(story, seen.because);
}

function backOn(story: Telling, reason: string): readonly Event[] {
  waited(story, 'the listener rule to give the old revision 100%', 34 * SECOND);
  return story.tell({
    kind: 'finished',
    outcome: 'rolled-back',
    reason,
    took: story.now - Number(story.events[0]?.at),
    canaryPercent: 0,
    oldRevisionUntil: null,
  }).events;
}

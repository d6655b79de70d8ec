import type { Minute } from '../judge/recording.ts';
import { SECOND } from '../core/time/clock.ts';
import type {
  ArmHealth,
  Diagnosed,
  Event,
  Evaluated,
  Finished,
  RolloutPlanned,
  TaskDefinitionReady,
} from '../core/trail/event.ts';
import { releaseInWords } from './release.ts';
import { nameOfArn } from '../core/arn.ts';
import { cut, plainLines, plainText, uncommanding } from '../core/plain-text.ts';
import { sumOf } from './minutes.ts';
import { count, quantity } from '../core/quantity.ts';
import {
  CAUSES,
  durationInWords,
  exitCodeInWords,
  stepsInWords,
  percentOf,
  shortCommit,
  timeOfDay,
  shareInWords,
} from './words.ts';

/**
 * The log lines of an event: the first line starts with the time (UTC), the others are indented.
 * Safe to print on a runner: foreign text cannot start a workflow command.
 */
export function logLines(event: Event): string[] {
  return tell(event).map((line, index) =>
    uncommanding(index === 0 ? `${timeOfDay(event.at)}  ${plainText(line)}` : `${INDENT}${cut(line)}`),
  );
}

const INDENT = ' '.repeat('hh:mm:ss  '.length);
const SHOWN_CHANGES = 20;
const SHOWN_REASON = 5;

/** Outcomes after which production may have changed. */
const TOUCHED: ReadonlySet<Finished['outcome']> = new Set(['deployed', 'rolled-back', 'dirty']);

/** The caller sanitizes foreign text in the first line; this function sanitizes the others. */
function tell(event: Event): string[] {
  switch (event.kind) {
    case 'started': {
      const where = [event.region, event.account && `account ${event.account}`].filter(Boolean).join(', ');
      const whence = [
        event.commit && `commit ${shortCommit(event.commit)}`,
        event.actor && `started by ${event.actor}`,
      ];
      return [
        `ecs-ramp ${event.version}: service ${event.service} on cluster ${event.cluster} (${where})`,
        ...indented(whence.filter(Boolean).join(', ')),
        ...(event.dryRun ? ['dry run: everything is checked, nothing is changed'] : []),
      ];
    }
    case 'service-inspected':
      return [
        `found: task definition ${nameOfArn(event.taskDefinitionArn)}, ${event.runningCount} of ${quantity(event.desiredCount, 'task')} running`,
        ...indented(event.image && `image ${event.image}`),
        ...indented(
          event.targetGroup
            ? `in target group ${nameOfArn(event.targetGroup)}`
            : event.traffic
              ? `traffic: load balancer ${nameOfArn(event.traffic.loadBalancer)}, target groups ${event.traffic.targetGroups.map(nameOfArn).join(' and ')}, ${event.traffic.testRule ? 'with a test listener' : 'no test listener'}`
              : 'not behind a load balancer',
        ),
      ];
    case 'built': {
      if (event.reused) return ['build: not needed, the repository already has the image'];
      const steps = event.steps ?? [];
      const cached = steps.filter((step) => step.cached).length;
      const slowest = steps.toSorted((a, b) => b.took - a.took)[0];
      return [
        `build: done in ${durationInWords(event.took)}${steps.length > 0 ? `, ${quantity(steps.length, 'step')}, ${cached} from the cache` : ''}`,
        ...indented(
          slowest && !slowest.cached && `slowest: ${slowest.name} (${durationInWords(slowest.took)})`,
        ),
      ];
    }
    case 'pushed':
      return [
        `push: done in ${durationInWords(event.took)}`,
        ...indented(event.image),
        ...indented(event.tags.length > 0 && `tags ${event.tags.join(', ')}`),
      ];
    case 'task-definition-ready': {
      const name = nameOfArn(event.taskDefinitionArn);
      if (event.unchanged && event.changes.length > 0)
        return [`task definition: ${name} exists already, nothing to register`, ...changes(event)];
      if (event.unchanged) return [`task definition: ${name} is already identical, nothing to register`];
      if (event.taskDefinitionArn === event.previousTaskDefinitionArn)
        return [
          `task definition: ${quantity(event.changes.length, 'change')} to ${name} would be registered`,
          ...changes(event),
        ];
      const before = event.previousTaskDefinitionArn
        ? ` (was ${nameOfArn(event.previousTaskDefinitionArn)})`
        : '';
      return [
        `task definition: ${name} registered${before}, ${quantity(event.changes.length, 'change')}`,
        ...changes(event),
      ];
    }
    case 'planned':
      if (event.rolling) return rollingPlan(event);
      return [
        `plan: ${stepsInWords(event.steps)} of ${shareInWords(event)}, each step for at least ${durationInWords(event.bakeTime)} and at most ${durationInWords(event.stepTimeout)}`,
        ...event.smokeTests.flatMap((test) => indented(`first, a smoke test on the test listener: ${test}`)),
        ...(event.gates ?? []).flatMap((gate) => indented(`gate ${gate}`)),
        ...indented(
          event.keepOld > 0 && `the old revision is kept for ${durationInWords(event.keepOld)} after 100%`,
        ),
      ];
    case 'rollback-planned':
      return [
        `rollback: ${event.from ? `from ${releaseInWords(event.from)} ` : ''}to ${releaseInWords(event.to)}, ${event.serviceDeploymentArn === null ? 'which is rolled out again' : 'which still runs: one call rolls back'}`,
        ...indented(event.because),
        ...indented(event.from?.run && `the release that is rolled back was deployed by ${event.from.run}`),
      ];
    case 'rollout-started':
      if (event.undone) {
        return [
          `rollback: following service deployment ${nameOfArn(event.serviceDeploymentArn)} until ECS has rolled it back`,
        ];
      }
      return [
        `rollout: service deployment ${nameOfArn(event.serviceDeploymentArn)} ${event.adopted ? 'of an earlier run continues' : 'started'}, steps ${stepsInWords(event.steps)}`,
        event.hookTimeout === null
          ? 'if this run stops responding, ECS completes the deployment by itself, without evaluation'
          : `if this run stops responding, ECS rolls back by itself ${durationInWords(event.hookTimeout)} after its last pause started`,
      ];
    case 'waiting': {
      const waited = event.at - event.since;
      const since =
        waited < SECOND ? 'from now' : `since ${timeOfDay(event.since)} (${durationInWords(waited)})`;
      const until =
        event.until === null
          ? 'without a time limit'
          : `until ${timeOfDay(event.until)} (${durationInWords(event.until - event.at)} left)`;
      const otherwise = event.otherwise === null ? '' : `, then ${event.otherwise}`;
      return [`waiting for ${event.what}, ${since}, ${until}${otherwise}`];
    }
    case 'smoke-tested':
      return [
        `smoke test: ${event.passed} of ${event.of} answers from ${event.url} were ${event.expected}`,
        ...indented(
          event.problem && `${event.unsent ? 'the request' : 'first unexpected answer:'} ${event.problem}`,
        ),
      ];
    case 'step-started':
      return [
        event.of === 'tasks'
          ? `${event.percent}% of the tasks run the new revision`
          : `${event.percent}% of ${shareInWords(event)} goes to the new revision${event.deadline === null ? '' : `; if ecs-ramp does not answer by ${timeOfDay(event.deadline)}, ECS rolls back`}`,
      ];
    case 'gate-waiting':
      return [
        `gate at ${event.percent}%: waiting for ${event.gate} until ${timeOfDay(event.until)}, then the rollout is rolled back`,
        ...indented(event.command),
      ];
    case 'gate-passed':
      return [
        `gate at ${event.percent}% passed after ${durationInWords(event.took)}: ${event.gate}, ${event.because}`,
      ];
    case 'evaluated':
      return [
        `${event.percent}%, ${LOOKS[event.verdict]}: ${event.because}`,
        ...indented(armsInWords(event)),
      ];
    case 'step-passed':
      return [
        event.percent === 0
          ? `ready for production traffic: ${event.because}`
          : `${event.percent}% passed after ${durationInWords(event.took)}: ${event.because}`,
      ];
    case 'rollback-requested':
      return [`rolling back from ${event.percent}%, ${CAUSES[event.cause]}: ${event.reason}`];
    case 'cancel-requested':
      return [`the run is cancelled (${event.signal})`];
    case 'diagnosed':
      return ['what AWS reports about the failure', ...diagnosis(event)];
    case 'notice':
      return noticed(event.level, event.message);
    case 'finished':
      return [
        `outcome: ${event.outcome} after ${durationInWords(event.took)}`,
        ...indented(event.reason).slice(0, SHOWN_REASON),
        ...(event.canaryPercent === null && !TOUCHED.has(event.outcome) ? [] : [sharesAtTheEnd(event)]),
        ...indented(
          event.oldRevisionUntil !== null &&
            `the old revision is kept until ${timeOfDay(event.oldRevisionUntil)}`,
        ),
        ...indented(
          event.outcome === 'dirty' && 'manual action is required: the job summary lists what to check',
        ),
      ];
    default: // an event of another version of ecs-ramp
      return [`(${(event satisfies never as Event).kind})`];
  }
}

function sharesAtTheEnd(event: Finished): string {
  const revision = event.canary ? nameOfArn(event.canary) : 'the new revision';
  const percent = event.canaryPercent === null ? 'not verified' : `${event.canaryPercent}%`;
  return `${shareInWords(event)} on ${revision}: ${percent}`;
}

function changes({ changes }: TaskDefinitionReady): string[] {
  const shown = changes
    .slice(0, SHOWN_CHANGES)
    .map(({ path, before, after }) =>
      [path, ': ', plainText(before ?? 'nothing', 120), ' -> ', plainText(after ?? 'nothing', 120)].join(''),
    );
  const more = changes.length - SHOWN_CHANGES;
  return [
    ...shown.flatMap((line) => indented(line)),
    ...indented(more > 0 && `and ${quantity(more, 'change')} more`),
  ];
}

const LOOKS = { pass: 'good', hold: 'not enough evidence yet', rollback: 'bad' } as const;

function armsInWords({ minutes, health, counted: things, arms: together }: Evaluated): string | null {
  const noun = things ?? 'requests';
  if (together) {
    const { requests, errors } = sumOf(minutes, 'canary');
    return `so far, both revisions: ${count(requests)} ${noun}, ${count(errors)} failed${requests === 0 ? '' : ` (${percentOf(errors, requests)})`}; ${tasksInWords('new', health.canary)}, ${tasksInWords('old', health.stable)}`;
  }
  const arm = (name: keyof Minute & ('canary' | 'stable')) => {
    const { requests, errors } = sumOf(minutes, name);
    const { running, desired, unhealthyTargets, failedTasks = 0 } = health[name];
    const asked =
      requests === 0
        ? `no ${noun}`
        : `${count(requests)} ${noun}, ${count(errors)} failed (${percentOf(errors, requests)})`;
    const tasks = running === desired ? '' : `, ${running} of ${quantity(desired, 'task')} running`;
    const targets = unhealthyTargets === 0 ? '' : `, ${quantity(unhealthyTargets, 'target')} unhealthy`;
    const failed = failedTasks === 0 ? '' : `, ${quantity(failedTasks, 'task')} failed`;
    return `${name}: ${asked}${tasks}${failed}${targets}`;
  };
  return `so far, ${arm('canary')}; ${arm('stable')}`;
}

const tasksInWords = (version: string, { running }: ArmHealth) => quantity(running, `${version} task`);

/** The plan of a rolling update, which has no steps. */
function rollingPlan({ rolling, stepTimeout, bakeTime }: RolloutPlanned): string[] {
  const { minimumHealthyPercent: least, maximumPercent: most } = rolling!;
  return [
    `plan: ECS replaces the tasks in batches, keeping at least ${least}% and at most ${most}% of them, within ${durationInWords(stepTimeout)}; no canary`,
    `then a final bake time of ${durationInWords(bakeTime)}`,
  ];
}

function diagnosis({ stoppedTasks, serviceEvents, log }: Diagnosed): string[] {
  return [
    ...stoppedTasks.flatMap(({ taskArn, reason, containers }) => [
      ...indented(`stopped task ${nameOfArn(taskArn)}: ${reason}`),
      ...containers.flatMap(({ name, exitCode, reason }) =>
        indented(
          `  ${name}: ${[exitCode !== null && exitCodeInWords(exitCode), reason].filter(Boolean).join(', ') || 'no exit code'}`,
        ),
      ),
    ]),
    ...serviceEvents.flatMap(({ at, message }) => indented(`service event ${timeOfDay(at)}: ${message}`)),
    ...(log ? containerLog(log) : []),
  ];
}

function containerLog({ source, lines }: NonNullable<Diagnosed['log']>): string[] {
  return lines.length === 0
    ? indented(`log of the failed container: ${source}`)
    : [...indented(`last lines of ${source}:`), ...lines.flatMap((line) => indented(line, '| '))];
}

function noticed(level: string, message: string): string[] {
  const [first = '', ...others] = indented(message);
  return [level === 'notice' ? first : `${level}: ${first}`, ...others];
}

/** Sanitized lines of foreign text; none for an empty text. */
function indented(text: string | false | null | undefined, mark = ''): string[] {
  if (!text) return [];
  return plainLines(text).map((line) => `${mark}${line}`);
}

import type { Minute } from '../../judge/recording.ts';
import type { Milliseconds } from '../../core/time/clock.ts';
import { code, escaped, table, type Markdown } from '../markdown.ts';
import { sumOf } from '../minutes.ts';
import { countsByStep, wayOf, type StepCounts } from './step-counts.ts';
import { storyEnd, type StepStory, type Story, type EventOf } from '../story.ts';
import { count, quantity } from '../../core/quantity.ts';
import { CAUSES, durationInWords, percentOf, shareInWords, timeOfDay } from '../words.ts';

/** Of more rows, only the first and the last are shown. */
const MOST_ROWS = 60;
const MOST_TAGS = 5;

/** Every stage and step with its time, its counts and its verdict. */
export function timeline(story: Story): Markdown[] {
  const steps = countsByStep(story).flatMap((counts) => stepRows(counts, story));
  const rows = abridged([...preparation(story), ...steps]);
  if (rows.length === 0) return [];
  if (steps.length > 0) {
    const isTogether = story.evaluation?.arms === 'together';
    const counted = isTogether ? 'Requests:' : `Canary&nbsp;${story.evaluation?.counted ?? 'requests'}:`;
    return ['### Steps', table(['', 'Started', 'Took:', counted, 'Failed:', 'Verdict'], rows)];
  }
  // Without traffic there is nothing to count.
  const uncounted = rows.map(([name = '', began = '', took = '', , , verdict = '']) => [
    name,
    began,
    took,
    verdict,
  ]);
  return ['### Steps', table(['', 'Started', 'Took:', 'Verdict'], uncounted)];
}

type Row = readonly Markdown[];

function preparation(story: Story): Row[] {
  return [
    ...build(story),
    ...push(story),
    ...start(story),
    ...story.smokeTests.map(smokeTestRow),
    ...gateRows(0, story),
  ];
}

function build({ built }: Story): Row[] {
  if (!built) return [];
  if (built.reused)
    return [['Build', timeOfDay(built.at), '', '', '', 'not needed: the image already exists']];
  const cached = built.steps?.filter((step) => step.cached).length ?? 0;
  const verdict = built.steps?.length
    ? `${quantity(built.steps.length, 'step')}, ${cached} from the cache`
    : '';
  return [stageRow({ name: 'Build', began: built.at - built.took, took: built.took, verdict })];
}

function push({ pushed }: Story): Row[] {
  if (!pushed) return [];
  const tags = pushed.tags.slice(0, MOST_TAGS).map((tag) => code(tag));
  return [
    stageRow({ name: 'Push', began: pushed.at - pushed.took, took: pushed.took, verdict: tags.join(', ') }),
  ];
}

/** From the start of the service deployment to the first request or the rollback. */
function start({ rollout, steps, smokeTests, rollback }: Story): Row[] {
  const healthyAt = smokeTests[0]?.at ?? steps[0]?.begunAt;
  const end = healthyAt ?? rollback?.at;
  if (!rollout || end === undefined) return [];
  const undone = rollback ? `↩️ ${CAUSES[rollback.cause]}` : '';
  const verdict = healthyAt === undefined ? undone : 'the new tasks are healthy';
  return [stageRow({ name: 'Start', began: rollout.at, took: end - rollout.at, verdict })];
}

function smokeTestRow({ at, url, passed, of, expected, problem }: EventOf<'smoke-tested'>): Row {
  const answers = `${passed} of ${of} answers were ${expected}, ${code(url)}`;
  const verdict = problem === null ? `✅ ${answers}` : `↩️ ${answers}: ${escaped(problem)}`;
  return ['Smoke&nbsp;test', timeOfDay(at), '', '', '', verdict];
}

function gateRows(at: number, { gates, rollback }: Story): Row[] {
  return gates
    .filter(({ percent }) => percent === at)
    .map(({ percent, gate, begunAt, passed }) => {
      const shut = rollback?.percent === percent ? '↩️' : '⏹️';
      return [
        `Gate&nbsp;at&nbsp;${percent}%`,
        timeOfDay(begunAt),
        passed === null ? '' : unbroken(passed.took),
        '',
        '',
        passed === null
          ? `${shut} ${escaped(gate)}: not passed`
          : `✅ ${escaped(gate)}: ${escaped(passed.because)}`,
      ];
    });
}

function stageRow(stage: { name: string; began: number; took: Milliseconds; verdict: Markdown }): Row {
  return [stage.name, timeOfDay(stage.began), unbroken(stage.took), '', '', stage.verdict];
}

function abridged(rows: readonly Row[]): readonly Row[] {
  const left = rows.length - MOST_ROWS;
  if (left <= 0) return rows;
  const note = ['', '', '', '', '', `${quantity(left, 'row')} left out here`];
  return [...rows.slice(0, MOST_ROWS / 2), note, ...rows.slice(-MOST_ROWS / 2)];
}

function stepRows({ step, warmUp, judged, after }: StepCounts, story: Story): Row[] {
  return [
    ...(requestsIn(warmUp) > 0
      ? [['Warm-up', timeOfDay(step.begunAt), '', ...counted(warmUp), 'shown, but not judged']]
      : []),
    [
      // Not a share of the traffic.
      story.planned?.rolling && step.percent === 100
        ? '**New&nbsp;tasks&nbsp;only**'
        : `**${step.percent}%**`,
      timeOfDay(step.begunAt),
      step.endedAt === null ? '' : unbroken(step.endedAt - step.begunAt),
      ...counted(judged),
      verdict(step, story),
    ],
    ...gateRows(step.percent, story),
    ...wayRow(step, after, story),
  ];
}

/** The time after a verdict, until the share of the next step was reached. */
function wayRow(step: StepStory, minutes: readonly Minute[], story: Story): Row[] {
  if (step.endedAt === null || step.end === 'open') return [];
  const next = story.steps[story.steps.indexOf(step) + 1];
  const turned = step.end === 'passed' && next === undefined ? story.rollback : null;
  if (requestsIn(minutes) === 0 && turned === null) return [];
  const end = next?.begunAt ?? turned?.at ?? story.finished?.at ?? null;
  return [
    [
      wayOf(step, story).replaceAll(' ', '&nbsp;'),
      timeOfDay(step.endedAt),
      end === null ? '' : unbroken(end - step.endedAt),
      ...counted(minutes),
      turned ? `↩️ ${CAUSES[turned.cause]}` : 'after the verdict',
    ],
  ];
}

function requestsIn(minutes: readonly Minute[]): number {
  return sumOf(minutes, 'canary').requests;
}

function counted(minutes: readonly Minute[]): readonly [requests: Markdown, failed: Markdown] {
  const { requests, errors } = sumOf(minutes, 'canary');
  return requests > 0 ? [count(requests), percentOf(errors, requests)] : ['', ''];
}

function verdict({ end, because, percent }: StepStory, story: Story): Markdown {
  const words = escaped(because ?? '', 600);
  if (end === 'passed')
    return `✅ ${percent === 100 ? `all ${shareInWords(story.planned)}` : words || 'passed'}`;
  if (end === 'undone') return `↩️ ${story.rollback ? CAUSES[story.rollback.cause] : words}`;
  return `${storyEnd(story).told ? '⏹️ the rollout ended here' : '⚠️ the trail ends here'}${words && `; last evaluation: ${words}`}`;
}

function unbroken(took: Milliseconds): Markdown {
  return durationInWords(took).replaceAll(' ', '&nbsp;');
}

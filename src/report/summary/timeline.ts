import type { Minute } from '../../judge/recording.ts';
import type { Milliseconds } from '../../core/time/clock.ts';
import { code, escaped, table, type Markdown } from '../markdown.ts';
import { sumOf } from '../minutes.ts';
import { storyEnd, type StepStory, type Story, type EventOf } from '../story.ts';
import { CAUSES, count, quantity, durationInWords, percentOf, shareInWords, timeOfDay } from '../words.ts';

/** Of more rows, only the first and the last are shown. */
const MOST_ROWS = 60;
const MOST_TAGS = 5;

/** Every stage and step with its time, its counts and its verdict. */
export function timeline(story: Story): Markdown[] {
  const steps = story.steps.flatMap((step) => [stepRow(step, story), ...gateRows(step.percent, story)]);
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
  if (built.reused) return [['Build', timeOfDay(built.at), '', '', '', 'this commit was already built']];
  const cached = built.steps?.filter((step) => step.cached).length ?? 0;
  const verdict = built.steps ? `${quantity(built.steps.length, 'step')}, ${cached} from the cache` : '';
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

function stepRow(step: StepStory, story: Story): Row {
  const { requests, errors } = sumOf(minutesOf(step, story), 'canary');
  return [
    // Not a share of the traffic.
    story.planned?.rolling && step.percent === 100 ? '**New&nbsp;tasks&nbsp;only**' : `**${step.percent}%**`,
    timeOfDay(step.begunAt),
    step.endedAt === null ? '' : unbroken(step.endedAt - step.begunAt),
    requests > 0 ? count(requests) : '',
    requests > 0 ? percentOf(errors, requests) : '',
    verdict(step, story),
  ];
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

/** The periods whose middle is between the start of the step and the start of the next. */
function minutesOf(step: StepStory, { evaluation, steps }: Story): readonly Minute[] {
  if (!evaluation) return [];
  return evaluation.minutes.filter(({ t }) => {
    const middle = evaluation.origin + (t + 0.5) * evaluation.period * 1_000;
    return (steps.findLast(({ begunAt }) => begunAt <= middle) ?? steps[0]) === step;
  });
}

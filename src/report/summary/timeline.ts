import type { Minute } from '../../judge/recording.ts';
import type { Milliseconds } from '../../time/clock.ts';
import { code, escaped, table, type Markdown } from '../markdown.ts';
import { sumOf } from '../minutes.ts';
import { endingOf, type StepStory, type Story } from '../story.ts';
import { CAUSES, count, counted, durationInWords, percentOf, timeOfDay } from '../words.ts';

/** Of a ladder with hundreds of rungs the first and the last. */
const MOST_ROWS = 60;
const MOST_TAGS = 5;

/** Every stage and step with its time, what it saw and its verdict in words. */
export function timeline(story: Story): Markdown[] {
  const steps = story.steps.map((step) => stepRow(step, story));
  const rows = abridged([...preparation(story), ...steps]);
  if (rows.length === 0) return [];
  if (steps.length > 0)
    return ['### Steps', table(['', 'Began', 'Took:', 'Canary&nbsp;requests:', 'Failed:', 'Verdict'], rows)];
  // Without traffic there is nothing to count.
  const uncounted = rows.map(([name = '', began = '', took = '', , , verdict = '']) => [
    name,
    began,
    took,
    verdict,
  ]);
  return ['### Steps', table(['', 'Began', 'Took:', 'Verdict'], uncounted)];
}

type Row = readonly Markdown[];

function preparation({ built, pushed, rollout, steps, rollback, smokeTests }: Story): Row[] {
  const rows: Row[] = [];
  const stage = (name: string, began: number, took: number, verdict: Markdown) =>
    rows.push([name, timeOfDay(began), unbroken(took), '', '', verdict]);

  if (built?.reused) rows.push(['Build', timeOfDay(built.at), '', '', '', 'this commit was built already']);
  else if (built) {
    const cached = built.steps?.filter((step) => step.cached).length ?? 0;
    const verdict = built.steps ? `${counted(built.steps.length, 'step')}, ${cached} from the cache` : '';
    stage('Build', built.at - built.took, built.took, verdict);
  }
  if (pushed)
    stage(
      'Push',
      pushed.at - pushed.took,
      pushed.took,
      pushed.tags
        .slice(0, MOST_TAGS)
        .map((tag) => code(tag))
        .join(', '),
    );
  if (rollout) {
    const first = steps[0]?.begunAt ?? smokeTests[0]?.at ?? rollback?.at;
    const verdict =
      steps[0] || smokeTests[0]
        ? 'the new tasks are healthy'
        : rollback
          ? `↩️ ${CAUSES[rollback.cause]}`
          : 'not healthy yet';
    if (first !== undefined) stage('Start', rollout.at, first - rollout.at, verdict);
  }
  for (const { at, url, passed, of, expected, problem } of smokeTests) {
    const verdict = `${problem === null ? '✅' : '↩️'} ${passed} of ${of} answers were ${expected}, ${code(url)}`;
    rows.push([
      'Smoke&nbsp;test',
      timeOfDay(at),
      '',
      '',
      '',
      problem === null ? verdict : `${verdict}: ${escaped(problem)}`,
    ]);
  }
  return rows;
}

function abridged(rows: readonly Row[]): readonly Row[] {
  const left = rows.length - MOST_ROWS;
  if (left <= 0) return rows;
  const note = ['', '', '', '', '', `${counted(left, 'row')} left out here`];
  return [...rows.slice(0, MOST_ROWS / 2), note, ...rows.slice(-MOST_ROWS / 2)];
}

function stepRow(step: StepStory, story: Story): Row {
  const { requests, errors } = sumOf(minutesOf(step, story), 'canary');
  return [
    `**${step.percent}%**`,
    timeOfDay(step.begunAt),
    step.endedAt === null ? '' : unbroken(step.endedAt - step.begunAt),
    requests > 0 ? count(requests) : '',
    requests > 0 ? percentOf(errors, requests) : '',
    verdict(step, story),
  ];
}

function verdict({ end, because, percent }: StepStory, story: Story): Markdown {
  const words = escaped(because ?? '', 600);
  if (end === 'passed') return `✅ ${words || (percent === 100 ? 'all production traffic' : 'passed')}`;
  if (end === 'undone') return `↩️ ${story.rollback ? CAUSES[story.rollback.cause] : words}`;
  return `${endingOf(story).told ? '⏹️ ended here' : '⚠️ the trail ends here'}${words && `; last seen: ${words}`}`;
}

function unbroken(took: Milliseconds): Markdown {
  return durationInWords(took).replaceAll(' ', '&nbsp;');
}

/** The periods that began while the step was on. */
function minutesOf({ begunAt, endedAt }: StepStory, { looked }: Story): readonly Minute[] {
  if (!looked) return [];
  return looked.minutes.filter(({ t }) => {
    const at = looked.origin + t * looked.period * 1_000;
    return at >= begunAt && (endedAt === null || at < endedAt);
  });
}

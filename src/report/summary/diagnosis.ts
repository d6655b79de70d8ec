import type { StoppedTask } from '../../core/trail/event.ts';
import { nameOfArn } from '../../core/arn.ts';
import { logsUrl, taskUrl } from '../console-links.ts';
import { asFenced, bytes, code, escaped, fenced, link, table, type Markdown } from '../markdown.ts';
import type { Story } from '../story.ts';
import { quantity } from '../../core/quantity.ts';
import { exitCodeInWords, timeOfDay } from '../words.ts';

const MOST_ROWS = 25;

/** Tasks that stopped, and why; tasks with the same reason share a row. */
export function stoppedTasks({ diagnosed }: Story): Markdown[] {
  const alike = Map.groupBy(diagnosed?.stoppedTasks ?? [], ({ reason, containers }) =>
    JSON.stringify([reason, containers]),
  );
  const rows = [...alike.values()].slice(0, MOST_ROWS).map(taskRow);
  return rows.length > 0
    ? ['### Stopped tasks', table(['Task', 'Stopped', 'Reason', 'Containers'], rows)]
    : [];
}

export function serviceEvents({ diagnosed }: Story): Markdown[] {
  const rows = (diagnosed?.serviceEvents ?? [])
    .slice(0, MOST_ROWS)
    .map(({ at, message }) => [timeOfDay(at), escaped(message, 500)]);
  return rows.length > 0 ? ['### Service events', table(['Time', 'Event'], rows)] : [];
}

/** The newest log lines of the failed container, at most `room` bytes. */
export function containerLog({ diagnosed, started }: Story, room: number): Markdown[] {
  const log = diagnosed?.log;
  if (!log) return [];
  const url =
    log.group && started ? logsUrl({ region: started.region, group: log.group, stream: log.stream }) : null;
  const source = link(escaped(log.source), url);
  return log.lines.length === 0
    ? ['### Log of the failed container', source]
    : ['### Last log lines', `${source}\n\n${newest(log.lines, room)}`];
}

/** The newest lines that fit, fenced, with a note if older lines are omitted. */
export function newest(lines: readonly string[], room: number): Markdown {
  let first = lines.length;
  for (let left = room; first > 0; first--) {
    left -= bytes(asFenced(lines[first - 1] ?? '')) + 1;
    if (left < 0) break;
  }
  const block = first < lines.length ? fenced(lines.slice(first)) : '';
  if (first === 0) return block;
  return `<i>${quantity(first, 'older line')} left out: the summary would be too long.</i>\n\n${block}`;
}

function taskRow(tasks: readonly StoppedTask[]): Markdown[] {
  const shown = tasks.slice(0, MOST_ROWS);
  const { reason = '', stopCode, containers = [] } = shown[0] ?? {};
  return [
    shown.map(({ taskArn }) => link(code(nameOfArn(taskArn).slice(0, 8)), taskUrl(taskArn))).join('<br>'),
    shown.map(({ stoppedAt }) => (stoppedAt === null ? '' : timeOfDay(stoppedAt))).join('<br>'),
    escaped(reason || (stopCode ?? 'no reason given'), 500),
    containers.slice(0, MOST_ROWS).map(containerEnd).join('<br>'),
  ];
}

function containerEnd({ name, exitCode, reason }: StoppedTask['containers'][number]): Markdown {
  const end = exitCode === null ? 'no exit code' : `<b>${exitCodeInWords(exitCode)}</b>`;
  return `${code(name)} ${end}${reason ? `: ${escaped(reason)}` : ''}`;
}

import type { StoppedTask } from '../../trail/event.ts';
import { nameOf } from '../arn.ts';
import { logsUrl, taskUrl } from '../console-links.ts';
import { bytes, code, escaped, fenced, link, table, type Markdown } from '../markdown.ts';
import type { Story } from '../story.ts';
import { exitCodeInWords, timeOfDay } from '../words.ts';

const MOST_ROWS = 25;

/** What AWS knows about a failure: tasks that stopped and why, then the service's events. */
export function diagnosis({ diagnosed }: Story): Markdown[] {
  if (!diagnosed) return [];
  const { stoppedTasks, serviceEvents } = diagnosed;
  return [
    ...(stoppedTasks.length > 0
      ? [
          '### Stopped tasks',
          table(['Task', 'Stopped', 'Reason', 'Containers'], stoppedTasks.slice(0, MOST_ROWS).map(taskRow)),
        ]
      : []),
    ...(serviceEvents.length > 0
      ? [
          '### Service events',
          table(
            ['Time', 'Event'],
            serviceEvents
              .slice(0, MOST_ROWS)
              .map(({ at, message }) => [timeOfDay(at), escaped(message, 500)]),
          ),
        ]
      : []),
  ];
}

/** The failing container's last lines, as many as `room` bytes hold; the newest count most. */
export function containerLog({ diagnosed, begun }: Story, room: number): Markdown[] {
  const log = diagnosed?.log;
  if (!log || log.lines.length === 0) return [];
  const url =
    log.group && begun ? logsUrl({ region: begun.region, group: log.group, stream: log.stream }) : null;
  return ['### Last log lines', `${link(escaped(log.source), url)}\n\n${newest(log.lines, room)}`];
}

/** The newest lines that fit, fenced, with a note where older ones had to go. */
export function newest(lines: readonly string[], room: number): Markdown {
  let kept = lines;
  let block = fenced(kept);
  while (kept.length > 0 && bytes(block) > room) {
    // At least a tenth goes each time, so that the longest trail takes but few rounds.
    kept = kept.slice(Math.ceil(kept.length / 10));
    block = fenced(kept);
  }
  if (kept.length === lines.length) return block;
  return `<i>${lines.length - kept.length} older lines left out: the summary would be too long.</i>\n\n${kept.length > 0 ? block : ''}`;
}

function taskRow({ taskArn, stoppedAt, stopCode, reason, containers }: StoppedTask): Markdown[] {
  return [
    link(code(nameOf(taskArn).slice(0, 8)), taskUrl(taskArn)),
    stoppedAt === null ? '' : timeOfDay(stoppedAt),
    `${escaped(reason, 500)}${stopCode ? ` <sub>${escaped(stopCode)}</sub>` : ''}`,
    containers
      .slice(0, MOST_ROWS)
      .map(({ name, exitCode, reason }) => {
        const end = exitCode === null ? 'no exit code' : `<b>${exitCodeInWords(exitCode)}</b>`;
        return `${code(name)} ${end}${reason ? `: ${escaped(reason)}` : ''}`;
      })
      .join('<br>'),
  ];
}

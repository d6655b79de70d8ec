import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logLines } from '../src/report/log.ts';
import { renderComment } from '../src/report/comment.ts';
import { renderSummary } from '../src/report/summary.ts';
import { cutTo, type Line, span } from '../src/report/terminal/line.ts';
import { terminalScreen } from '../src/report/terminal/terminal.ts';
import { SECOND } from '../src/core/time/clock.ts';
import type { Event } from '../src/core/trail/event.ts';
import { readTrail } from '../src/core/trail/trail.ts';
import { terminalPicture } from './terminal-picture.ts';

/**
 * `node script/pictures.ts RECORDINGS FOLDER`: writes the sources of the pictures into FOLDER, from
 * the trails that the demo recorded in RECORDINGS.
 */
const [recordings, folder] = process.argv.slice(2);
if (!recordings || !folder) throw new Error('usage: node script/pictures.ts RECORDINGS FOLDER');

const COLUMNS = 100;
const [good, errors] = ['good', 'errors'].map((run) => readTrail(join(recordings, run, 'events.jsonl')));
if (!good || !errors) throw new Error('a recording is missing');

/** The part until the last evaluation at 30% with the verdict `hold`. */
const middle = good.slice(
  0,
  good.findLastIndex(
    (event) => event.kind === 'evaluated' && event.percent === 30 && event.verdict === 'hold',
  ) + 1,
);

save('terminal.svg', terminalPicture([...above(middle, 3), ...screen(middle)], COLUMNS));
save('terminal-end.svg', terminalPicture([...screen(errors), ...told(errors.slice(-1))], COLUMNS));
save('summary.md', renderSummary(errors).replace(/### Service events[^]*/u, ''));
save('comment.md', renderComment(errors));

function save(name: string, text: string): void {
  writeFileSync(join(folder!, name), text);
}

function screen(events: readonly Event[]): readonly Line[] {
  const now = (events.at(-1)?.at ?? 0) + SECOND / 4;
  return terminalScreen(events, { now, columns: COLUMNS });
}

/** The last log lines above the screen. */
function above(events: readonly Event[], most: number): readonly Line[] {
  return told(events.filter(({ kind }) => kind !== 'evaluated' && kind !== 'waiting')).slice(-most);
}

function told(events: readonly Event[]): readonly Line[] {
  return events.flatMap(logLines).map((line) => cutTo([span(line)], COLUMNS));
}

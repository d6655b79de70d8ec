import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { logLines } from '../src/report/log.ts';
import { renderComment } from '../src/report/comment.ts';
import { renderSummary } from '../src/report/summary.ts';
import { cutTo, type Line, span } from '../src/report/terminal/line.ts';
import { terminalScreen } from '../src/report/terminal/terminal.ts';
import { SECOND } from '../src/core/time/clock.ts';
import type { Event } from '../src/core/trail/event.ts';
import { readTrail } from '../src/core/trail/trail.ts';
import { demoPage } from '../test/demo/page/page.ts';
import { openBrowser, type Screen } from './browser.ts';
import { githubPage } from './github-page.ts';
import { terminalPicture } from './terminal-picture.ts';

/**
 * `node script/pictures.ts RECORDINGS FOLDER BROWSER NODE_MODULES`: draws pictures into FOLDER from
 * the trails that the demo recorded in RECORDINGS.
 */
const [recordings, folder, program, modules] = process.argv.slice(2);
if (!recordings || !folder || !program || !modules) throw new Error('usage: script/pictures');

type Theme = Screen['theme'];

/** Legible on a phone too, which shrinks it. */
const PAGE_WIDTH = 880;
const COLUMNS = 100;
/** Fits a phone. */
const FEW_COLUMNS = 46;
const [good, errors] = ['good', 'errors'].map((run) => readTrail(join(recordings, run, 'events.jsonl')));
if (!good || !errors) throw new Error('a recording is missing');

/** The part until the last evaluation at 30% with the verdict `hold`. */
const middle = good.slice(
  0,
  good.findLastIndex(
    (event) => event.kind === 'evaluated' && event.percent === 30 && event.verdict === 'hold',
  ) + 1,
);

save('terminal.svg', terminalPicture([...above(middle, 3), ...screen(middle, COLUMNS)], COLUMNS));
save('terminal-phone.svg', terminalPicture(screen(middle, FEW_COLUMNS), FEW_COLUMNS));
save('terminal-end.svg', terminalPicture([...screen(errors, COLUMNS), ...told(errors.slice(-1))], COLUMNS));

const markdown = (text: string) => (theme: Theme) =>
  githubPage({ markdown: text, theme, modules, file: 'page.md' });
const summary = renderSummary(errors).replace(/### Service events[^]*/u, '');
const demo = demoPage(
  ['good', 'errors'].map((name) => ({
    result: JSON.parse(readFileSync(join(recordings, name, 'result.json'), 'utf8')),
    events: readTrail(join(recordings, name, 'events.jsonl')),
  })),
);

const browser = await openBrowser(program);
try {
  await photograph('summary', markdown(summary), 'pre.mermaid + p');
  await photograph('comment', markdown(renderComment(errors)), 'pre.mermaid + p');
  await photograph('demo', () => demo, 'article:last-of-type dl');
} finally {
  await browser.close();
}

/** Writes NAME.png and NAME-dark.png, pictures of a page until the end of its first `last`. */
async function photograph(name: string, page: (theme: Theme) => string, last: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'pictures-'));
  const file = join(work, 'page.html');
  for (const theme of ['light', 'dark'] as const) {
    writeFileSync(file, page(theme));
    await browser.show(String(pathToFileURL(file)), { width: PAGE_WIDTH, theme });
    await browser.evaluate('globalThis.drawn');
    const end = await browser.evaluate(`document.querySelector('${last}').getBoundingClientRect().bottom`);
    save(
      theme === 'light' ? `${name}.png` : `${name}-dark.png`,
      await browser.picture(Math.ceil(Number(end)) + 16),
    );
  }
  rmSync(work, { recursive: true });
}

function save(name: string, content: string | Buffer): void {
  writeFileSync(join(folder!, name), content);
}

function screen(events: readonly Event[], columns: number): readonly Line[] {
  const now = (events.at(-1)?.at ?? 0) + SECOND / 4;
  return terminalScreen(events, { now, columns });
}

/** The last log lines above the screen. */
function above(events: readonly Event[], most: number): readonly Line[] {
  return told(events.filter(({ kind }) => kind !== 'evaluated' && kind !== 'waiting')).slice(-most);
}

function told(events: readonly Event[]): readonly Line[] {
  return events.flatMap(logLines).map((line) => cutTo([span(line)], COLUMNS));
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser } from './browser.ts';
import { githubPage } from './github-page.ts';

/** `node script/render-summary.ts BROWSER NODE_MODULES SUMMARY.md PICTURE.png light|dark [HEIGHT]` */
const [program, modules, summary, picture, theme, height] = process.argv.slice(2);
if (!program || !modules || !summary || !picture || (theme !== 'light' && theme !== 'dark'))
  throw new Error('usage: script/render-summary SUMMARY.md PICTURE.png [light|dark] [HEIGHT]');

/** Wide enough for a table of the summary, and legible on a phone. */
const WIDTH = 720;

const work = mkdtempSync(join(tmpdir(), 'summary-'));
const browser = await openBrowser(program);
try {
  const page = join(work, 'page.html');
  const markdown = readFileSync(summary, 'utf8');
  writeFileSync(page, githubPage({ markdown, theme, modules, file: summary }));
  await browser.show(String(pathToFileURL(page)), { width: WIDTH, theme });
  await browser.evaluate('globalThis.drawn');
  writeFileSync(picture, await browser.picture(height === undefined ? undefined : Number(height)));
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}

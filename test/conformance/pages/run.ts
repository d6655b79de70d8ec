import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser, type Screen } from '../../../script/browser.ts';
import { githubPage } from '../../../script/github-page.ts';
import { renderHtml } from '../../../src/report/html/html.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { demoPage } from '../../demo/page/page.ts';
import { SCENARIOS } from '../../demo/scenario.ts';
import { trails } from '../../unit/report/trails/trails.ts';

/**
 * `node test/conformance/pages/run.ts BROWSER NODE_MODULES [PICTURES]`: shows pages in a browser, on
 * a phone and on a desktop, light and dark, and checks that nothing is cut off or missing. With
 * PICTURES it leaves a screenshot of each in that folder.
 */
const [program, modules, pictures] = process.argv.slice(2);
if (!program || !modules) throw new Error('usage: script/conformance pages');
const root = join(import.meta.dirname, '../../..');

const SCREENS: readonly Screen[] = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, theme })),
);

/** What a page looks like for each theme. */
type Shown = (theme: Screen['theme']) => string;

const ofMarkdown =
  (markdown: string, file: string): Shown =>
  (theme) =>
    githubPage({ markdown, theme, modules, file });
const ofFile = (path: string) => ofMarkdown(readFileSync(join(root, path), 'utf8'), join(root, path));

const PAGES: Readonly<Record<string, Shown>> = {
  README: ofFile('README.md'),
  tour: ofFile('docs/tour.md'),
  outcomes: ofFile('docs/outcomes.md'),
  'job summary': ofMarkdown(renderSummary(trails.errors()), join(root, 'summary.md')),
  'report of a rollback': () => renderHtml(trails.errors()),
  'report of a crash': () => renderHtml(trails.crash()),
  demo: () => demoPage([{ result: exampleResult(), events: trails.errors() }]),
};

/** What is wrong on a page: it scrolls sideways, has broken images, or text that is too faint. */
const problemsAt = (width: number) => `(() => {
  const problems = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > ${width}) problems.push('is ' + scrollWidth + ' px wide');
  for (const image of document.images)
    if (image.naturalWidth === 0) problems.push('does not load ' + image.getAttribute('src'));
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (/^rgb\\(/.test(color)) return color;
    }
    return getComputedStyle(document.documentElement).colorScheme.includes('dark') &&
      matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const faint = new Set();
  for (const element of document.querySelectorAll('p, li, td, th, a, dt, dd, h1, h2, h3, code, summary, svg text')) {
    const style = getComputedStyle(element);
    const [a, b] = [light(element.closest('svg') ? style.fill : style.color), light(ground(element))].sort((a, b) => b - a);
    if ((a + 0.05) / (b + 0.05) < 3) faint.add(element.textContent.trim().slice(0, 40));
  }
  if (faint.size > 0) problems.push('has faint text: ' + [...faint].slice(0, 5).join(' | '));
  return problems.join('\\n');
})()`;

const work = mkdtempSync(join(tmpdir(), 'pages-'));
if (pictures) mkdirSync(pictures, { recursive: true });
const browser = await openBrowser(program);
let failures = 0;
try {
  for (const [name, shown] of Object.entries(PAGES)) {
    for (const screen of SCREENS) {
      const page = join(work, 'page.html');
      writeFileSync(page, shown(screen.theme));
      await browser.show(String(pathToFileURL(page)), screen);
      await browser.evaluate('globalThis.drawn');
      const where = `${name}, ${screen.width} px, ${screen.theme}`;
      const problems = String(await browser.evaluate(problemsAt(screen.width)));
      for (const problem of problems.split('\n').filter((line) => line !== '')) {
        failures++;
        console.error(`${where}: ${problem}`);
      }
      if (pictures)
        writeFileSync(join(pictures, `${where.replaceAll(/\W+/gu, '-')}.png`), await browser.picture());
    }
  }
} finally {
  await browser.close();
  rmSync(work, { recursive: true });
}
const all = `${Object.keys(PAGES).length} pages on ${SCREENS.length} screens`;
console.error(
  failures === 0 ? `${all}: nothing is cut off, missing or faint.` : `${all}: ${failures} problems.`,
);
process.exitCode = failures === 0 ? 0 : 1;

function exampleResult() {
  return {
    scenario: SCENARIOS.find(({ name }) => name === 'errors')!,
    outcome: 'rolled-back',
    exitCode: 1,
    highestPercent: 10,
    finalPercent: 0,
    shares: [],
    secondsExposed: 20,
    seconds: 60,
    requests: 12_000,
    failed: 30,
    refused: [],
    said: true,
  };
}

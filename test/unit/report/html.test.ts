import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { renderHtml } from '../../../src/report/html/html.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { foreignText } from './foreign-text.ts';
import { tainted } from './tainted.ts';
import { trails } from './trails/trails.ts';

const all = Object.entries(trails).map(([name, trail]) => [name, trail()] as const);

/** The text of a page, without its charts. */
function seen(html: string): string {
  return html
    .replaceAll(
      /<head>[^]*?<\/head>|<svg[^]*?<\/svg>|<pre><code class="language-mermaid">[^]*?<\/code><\/pre>/gu,
      '',
    )
    .replaceAll(/\[!CAUTION\]/gu, '')
    .replaceAll(/<[^>]+>/gu, ' ')
    .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/&(lt|gt|amp|quot|nbsp);/gu, (_, name: string) => NAMED[name] ?? '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: '\u00A0' };

/** The tags of a page in their order, without optional line breaks. */
function tagsOf(html: string): string[] {
  return [...html.matchAll(/<\/?([a-z]\w*)/gu)].map(([tag]) => tag).filter((tag) => !/wbr|\ba$/u.test(tag));
}

function heights(points: string): number[] {
  return points.split(' ').map((point) => Number(point.split(',')[1]));
}

test.each(all)('%s has the same text as the Markdown', (_, events) => {
  const markdown = new MarkdownIt({ html: true }).render(renderSummary(events));
  expect(seen(renderHtml(events))).toBe(seen(markdown));
});

describe('the page is self-contained', () => {
  test.each(all)('%s', (_, events) => {
    const html = renderHtml(events);
    expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|form|base|use|image)\b/iu);
    expect(html).not.toMatch(/\s(src|srcset|on\w+|style|xlink:href)=/iu);
    expect(html).not.toMatch(/url\(|@import/iu);
    // Only links to the console and to the run are allowed.
    for (const [, address] of html.matchAll(/href="([^"]*)"/gu)) expect(address).toMatch(/^https:\/\//u);
  });

  test('and enforces it in the browser', () => {
    expect(renderHtml(trails.good())).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });
});

describe('charts', () => {
  test('are drawn from the events: both revisions, and the start of each step', () => {
    const html = renderHtml(trails.good());
    const [errors = '', latency = ''] = [...html.matchAll(/<svg[^]*?<\/svg>/gu)].map(([svg]) => svg);
    expect(errors).toContain('<title>Failed requests</title>');
    expect(latency).toContain('<title>Requests slower than p90 before the rollout (240 ms)</title>');
    for (const svg of [errors, latency]) {
      expect(svg.match(/<polyline/gu)).toHaveLength(2);
      expect([...svg.matchAll(/>(\d+%)<\/text>/gu)].map(([, step]) => step)).toEqual([
        '10%',
        '30%',
        '60%',
        '90%',
        '100%',
      ]);
    }
    expect(html).not.toContain('mermaid');
  });

  test('axis labels are round numbers', () => {
    const figures = [...renderHtml(trails.errors()).matchAll(/text-anchor="end"[^>]*>([^<]*)</gu)].map(
      ([, figure]) => figure,
    );
    expect(figures).toEqual(['0', '2', '4', '6', '8', '10', '0', '3', '6', '9', '12', '15']);
  });

  test('a line has the height of its values', () => {
    const html = renderHtml(trails.errors());
    const [canary = '', stable = ''] = ['#e8590c', '#4493f8'].map(
      (colour) => new RegExp(`points="([^"]*)" fill="none" stroke="${colour}"`, 'u').exec(html)?.[1] ?? '',
    );
    // SVG coordinates decrease upwards: 5% to 10% of 10%, and almost 0, between 40 and 225.
    expect(Math.max(...heights(canary))).toBeLessThan(130);
    expect(Math.min(...heights(stable))).toBeGreaterThan(215);
  });
});

describe('foreign text', () => {
  test('does not change the structure of the page, and is shown unchanged', () => {
    const plain = tagsOf(renderHtml(tainted('plain')));
    fc.assert(
      fc.property(foreignText, (text) => {
        expect(tagsOf(renderHtml(tainted(`plain${text}plain`)))).toEqual(plain);
      }),
      { numRuns: 100 },
    );
    const script = '<script>alert("1 & 2")</script>';
    expect(seen(renderHtml(tainted(script)))).toContain(script);
  });
});

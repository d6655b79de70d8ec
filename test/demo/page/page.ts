import { nameOfArn } from '../../../src/core/arn.ts';
import { storyEnd, storyOf } from '../../../src/report/story.ts';
import { durationInWords, percentOf } from '../../../src/report/words.ts';
import { unmetExpectations } from '../scenario.ts';
import { chartOf, STRIPES } from './chart.ts';
import { type Html, html } from './html.ts';
import { blamed, type Counted, type Period, periodsOf, type Run, totalOf } from './run.ts';

/**
 * All scenarios side by side as one HTML file without scripts, fonts or network access, which its
 * content security policy enforces. It links to the files of each run, relative to its own folder.
 */
export function demoPage(runs: readonly Run[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width" />
        <title>ecs-ramp: ${releases(runs)}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <h1>${releases(runs)}, and what users noticed</h1>
        <p>
          ${summary(runs)} Real containers behind a load balancer served these requests; only AWS is imitated.
        </p>
        <main>${runs.map(card)}</main>
        ${STRIPES}
      </body>
    </html> `.text;
}

function releases({ length }: readonly Run[]): string {
  return length === 1 ? '1 release' : `${length} releases`;
}

function summary(runs: readonly Run[]): string {
  const ended = (outcome: string) => runs.filter(({ result }) => result.outcome === outcome).length;
  const surprising = runs.filter(({ result }) => unmetExpectations(result).length > 0).length;
  const users = { requests: sum(runs, 'requests'), failed: sum(runs, 'failed') };
  const end = surprising === 0 ? 'all as expected' : `${surprising} not as expected`;
  return `${ended('deployed')} deployed, ${ended('rolled-back')} rolled back, ${end}. ${inWords(users)} of users failed.`;
}

function sum(runs: readonly Run[], what: 'requests' | 'failed'): number {
  return runs.reduce((sum, { result }) => sum + result[what], 0);
}

function card(run: Run): Html {
  const { result, events } = run;
  const { scenario } = result;
  const story = storyOf(events);
  const periods = periodsOf(events);
  const facts: readonly (readonly [string, string])[] = [
    ['Released', `release ${scenario.release}${registered(run)}`],
    ['Verdict', storyEnd(story).reason],
    ['Blamed', blamed(run)],
    ['Fault to rollback', exposure(run)],
    ['Users', `${inWords(result)} failed`],
    ...judged(periods),
    [
      'At the end',
      `${percent(result.finalPercent)} of the traffic is on the new revision, after ${durationInWords(result.seconds * 1_000)}`,
    ],
  ];
  const problems = unmetExpectations(result);
  return html`<article>
    <h2>${scenario.name} ${badge(result.outcome)}</h2>
    <p>${scenario.story}</p>
    ${problems.map((problem) => html`<p class="wrong"><b>Not as expected:</b> ${problem}</p>`)}
    ${chartOf(run)}
    <dl>
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${tableOf(periods, events[0]?.at ?? 0)}
    <p>
      ${['report.html', 'log.txt', 'events.jsonl'].map((file) => html`<a href="${scenario.name}/${file}">${file}</a>`)}
    </p>
  </article>`;
}

/** Nothing if no user reached the new revision. */
function judged(periods: readonly Period[]): readonly (readonly [string, string])[] {
  if (periods.length === 0) return [];
  return [
    ['New revision', `${inWords(totalOf(periods, 'canary'))} failed while it was judged`],
    ['Old revision', `${inWords(totalOf(periods, 'stable'))} failed in the same time`],
  ];
}

function badge(outcome: string): Html {
  const [sign, words] = BADGES[outcome] ?? ['⚠', outcome || 'no outcome'];
  return html`<span class="badge">${sign} ${words}</span>`;
}

const BADGES: Readonly<Record<string, readonly [string, string]>> = {
  deployed: ['✓', 'deployed'],
  'rolled-back': ['↩', 'rolled back'],
};

function registered({ events }: Run): string {
  const { taskDefinition } = storyOf(events);
  return taskDefinition ? `, as ${nameOfArn(taskDefinition.taskDefinitionArn)}` : '';
}

/** From the first request to the new revision until the old one had all again. */
function exposure({ result: { highestPercent, secondsExposed, outcome } }: Run): string {
  if (highestPercent === 0) return 'no user reached the new revision';
  if (outcome === 'deployed') return 'no rollback';
  return secondsExposed === null
    ? 'unknown'
    : `${secondsExposed.toFixed(1)} s, at up to ${percent(highestPercent)} of the traffic`;
}

function tableOf(periods: readonly Period[], start: number): Html {
  if (periods.length === 0) return html``;
  return html`<details>
    <summary>Requests in each period</summary>
    <table>
      <thead>
        <tr>
          <th scope="col">After</th>
          <th scope="col">New</th>
          <th scope="col">failed</th>
          <th scope="col">Old</th>
          <th scope="col">failed</th>
        </tr>
      </thead>
      <tbody>
        ${periods.map(
          ({ to, canary, stable }) =>
            html`<tr>
              <th scope="row">${Math.round((to - start) / 1_000)} s</th>
              ${[canary, stable].map(
                ({ requests, failed }) =>
                  html`<td>${requests}</td>
                    <td>${failed}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}

function inWords({ requests, failed }: Counted): string {
  const share = requests === 0 ? '' : ` (${percentOf(failed, requests)})`;
  return `${failed.toLocaleString('en-US')} of ${requests.toLocaleString('en-US')} requests${failed === 0 ? '' : share}`;
}

function percent(value: number): string {
  return `${Math.round(value)}%`;
}

const STYLE = html`
  :root { color-scheme: light dark; --ink: #1f2328; --faint: #59636e; --page: #fff; --card: #f6f8fa; --edge:
  #d1d9e0; --new: #d9480f; --old: #4493f8; --link: #0757b8; } @media (prefers-color-scheme: dark) { :root {
  --ink: #e6edf3; --faint: #9198a1; --page: #0d1117; --card: #151b23; --edge: #3d444d; --new: #ff922b; --old:
  #4493f8; --link: #79b8ff; } } body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background:
  var(--page); max-width: 90rem; margin: 1.5rem auto; padding: 0 1rem; } h1 { font-size: 1.5rem; } h2 {
  font-size: 1.1rem; margin: 0; } main { display: grid; grid-template-columns: repeat(auto-fill,
  minmax(min(100%, 23rem), 1fr)); gap: 1rem; } article { background: var(--card); border: 1px solid
  var(--edge); border-radius: 8px; padding: 0.9rem; overflow-wrap: anywhere; min-width: 0; } .badge {
  font-size: 0.85rem; border: 1px solid var(--faint); border-radius: 1rem; padding: 0.1rem 0.6rem;
  white-space: nowrap; } .wrong { border-left: 4px solid var(--new); padding-left: 0.6rem; } dl { display:
  grid; grid-template-columns: auto 1fr; gap: 0.25rem 0.8rem; } dt { color: var(--faint); } dd { margin: 0; }
  a, summary { color: var(--link); } a { margin-right: 0.8rem; } table { border-collapse: collapse; font-size:
  0.85rem; } th, td { text-align: right; padding: 0.1rem 0.6rem; border-bottom: 1px solid var(--edge);
  font-weight: normal; } svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
  text { fill: var(--faint); paint-order: stroke; stroke: var(--card); stroke-width: 3px; } .title { fill:
  var(--ink); } .end { text-anchor: end; } .middle { text-anchor: middle; } .grid { stroke: var(--edge); }
  .step { fill: none; stroke: var(--new); stroke-width: 2; } .back { stroke: var(--ink); stroke-dasharray: 4
  3; fill: none; } .new { fill: var(--new); } .old { fill: var(--old); } .stripe { stroke: var(--card);
  stroke-width: 2; }
`;

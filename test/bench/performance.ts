/**
 * Measures how fast, light and sparing ecs-ramp is, beside other actions whose bundles are given:
 *
 *     npm run bench -- [--small] [--peers FOLDER] [--only WORD] [--write]
 *
 * Takes about twenty minutes and needs a Docker engine for the builds. --small: only what takes seconds.
 * --peers: a folder with a folder for each other action, with its action.yml and dist/. --only: the
 * parts whose names contain this word. --write: writes docs/performance.md and its charts.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bars, lines } from './performance-charts.ts';
import { markdownTable } from './markdown-table.ts';
import { measureBuilds } from './build.ts';
import { measureMemory } from './memory/memory.ts';
import { measureRollout } from './rollout.ts';
import { bytesOf } from '../../script/budget.ts';
import { chunkList, loadedByEntries, sizeOf } from './size.ts';
import { measureStart } from './start.ts';
import { writeBetweenMarkers } from './document.ts';

const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    peers: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const peers = values.peers ?? null;
const docs = new URL('../../docs/', import.meta.url);

interface Part {
  readonly name: string;
  /** Whether it takes seconds. */
  readonly isSmall: boolean;
  /** Measures, and returns Markdown. */
  measure(): Promise<string>;
}

const number = (value: number, digits = 0) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

const orNone = (value: number | null, digits: number) => (value === null ? '' : number(value, digits));

const PARTS: readonly Part[] = [
  { name: 'size', isSmall: true, measure: size },
  { name: 'start', isSmall: true, measure: start },
  { name: 'calls', isSmall: true, measure: calls },
  { name: 'builds', isSmall: true, measure: builds },
  { name: 'memory', isSmall: false, measure: memory },
];

function size(): Promise<string> {
  const sizes = [
    sizeOf('ecs-ramp', join(import.meta.dirname, '../../dist')),
    ...(peers === null ? [] : readdirSync(peers).map((name) => sizeOf(name, join(peers, name, 'dist')))),
  ];
  chart('performance-size.svg', 'JavaScript of an action, MB', sizes, ({ bytes }) => bytes / 1e6);
  const entries = loadedByEntries(join(import.meta.dirname, '../../dist'));
  const lists = entries.map(
    (loaded) =>
      `<details><summary>What ${loaded.entry} may load, in kB (*: at its start)</summary>\n\n${chunkList(loaded)}\n\n</details>`,
  );
  return Promise.resolve(
    [
      section('Size', 'All JavaScript in `dist/`.', [
        ['action', 'bytes', 'files'],
        ...sizes.map(({ name, bytes, files }) => [name, number(bytes), number(files)]),
      ]),
      'What each entry point of ecs-ramp loads. A build fails if `dist/` has more than 1,500,000 bytes or an entry point loads more than 110,000 bytes at its start.',
      markdownTable([
        ['entry point', 'bytes at its start', 'files', 'bytes at most', 'files at most'],
        ...entries.map(({ entry, atStart, ever }) => [
          entry,
          number(bytesOf(atStart)),
          number(atStart.length),
          number(bytesOf(ever)),
          number(ever.length),
        ]),
      ]),
      ...lists,
    ].join('\n\n'),
  );
}

async function start(): Promise<string> {
  const started = await measureStart(values.small ? 5 : 31, peers);
  const others = started.filter(({ name }) => name !== 'node');
  chart('performance-start.svg', 'Start without inputs, times bare Node', others, ({ ratio }) => ratio);
  return section(
    'Start',
    'Whole processes without inputs, in turns with `node -e 0`. The ratio is the median of all rounds.',
    [
      ['process', 'milliseconds', 'times bare Node'],
      ...started.map(({ name, milliseconds, ratio }) => [name, number(milliseconds), number(ratio, 2)]),
    ],
  );
}

async function calls(): Promise<string> {
  const { calls: all, minutes, cents, operations, overhead } = await measureRollout();
  return section(
    'Calls of AWS',
    `A good release with the default settings, alone, in the simulation: ${number(all)} calls in ${number(minutes, 1)} minutes, ${number(all / minutes, 1)} a minute. Its metrics cost ${number(cents, 2)} cents; the other calls are free. From the pushed image to 100%, it takes ${number(100 * overhead, 1)}% longer than its waits for evidence. That includes the time in which ECS starts tasks and shifts traffic.`,
    [
      ['operation', 'calls', 'a minute'],
      ...operations.map(([name, count]) => [name, number(count), number(count / minutes, 2)]),
    ],
  );
}

async function builds(): Promise<string> {
  const [rounds, megabytes] = values.small ? [1, 10] : [5, 200];
  const times = await measureBuilds(rounds, megabytes);
  return section(
    'Builds',
    `\`dist/build.js\` with the default settings in turns with \`docker build\` and \`docker push\`, with the same engine and registry: ${megabytes} MB in files of 64 kB, of which a third cannot be compressed, median of ${rounds}.`,
    [
      ['build and push', 'docker, seconds', 'ecs-ramp, seconds', 'ratio', "of docker's everything"],
      ...times.map(({ name, docker, ours, ratio, ofEverything }) => [
        name,
        orNone(docker, 1),
        number(ours, 1),
        orNone(ratio, 2),
        number(ofEverything, 2),
      ]),
    ],
  );
}

async function memory(): Promise<string> {
  const samples = await measureMemory();
  const most = Math.max(...samples.map(({ megabytes }) => megabytes));
  if (values.write) writeFileSync(new URL('performance-memory.svg', docs), lines(samples));
  const tens = [0, 10, 20, 30, 40, 50].map((from) => {
    const within = samples.filter(({ minutes }) => minutes >= from && minutes < from + 10);
    return [`${from} to ${from + 10}`, number(Math.max(...within.map(({ megabytes }) => megabytes)))];
  });
  return section(
    'Memory',
    `Resident memory of \`dist/main.js\` during a release of an hour: ${number(most)} MB at most. The clocks of the job and of the simulated AWS run twenty times as fast.`,
    [['minutes', 'MB at most'], ...tens],
  );
}

function section(title: string, text: string, rows: readonly (readonly string[])[]): string {
  return `### ${title}\n\n${text}\n\n${markdownTable(rows)}`;
}

function chart<T extends { readonly name: string }>(
  file: string,
  title: string,
  rows: readonly T[],
  value: (row: T) => number,
): void {
  if (!values.write) return;
  const svg = bars(
    title,
    rows.map((row) => ({ name: row.name, value: value(row) })),
  );
  writeFileSync(new URL(file, docs), svg);
}

const sections: string[] = [];
for (const part of PARTS) {
  if (!part.name.includes(values.only) || (values.small && !part.isSmall)) continue;
  const text = await part.measure();
  console.log(`${text}\n`);
  sections.push(text);
}
if (values.write) {
  writeBetweenMarkers(new URL('performance.md', docs), 'bench', sections.join('\n\n'));
}

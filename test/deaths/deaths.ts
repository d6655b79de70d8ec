// `npm run deaths`: ends releases in all ways, and writes the results to docs/reliability.md.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLiveSandbox, ROOT } from '../support/live-sandbox.ts';
import { DEATHS, inWords } from './death.ts';
import { openLanes } from './lanes.ts';
import { OUTAGES, survive } from './outages.ts';
import { withTables } from './table.ts';

const USAGE = `npm run deaths -- [WORDS...]: ends releases at each place in each way, with real containers, and checks the results.
  WORDS        only deaths and outages whose name contains one of these, for example "at 30%"
  --write      writes the results that keep the promises to docs/reliability.md`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const isSelected = (name: string) =>
  positionals.length === 0 || positionals.some((word) => name.includes(word));

const sandbox = await openLiveSandbox(['web']);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void sandbox.close().finally(() => process.exit(1)));
}
const problems: string[] = [];

/** Prints the result. Returns `null` if a promise was broken. */
async function report<T extends { readonly violations: readonly string[]; readonly log: readonly string[] }>(
  name: string,
  trying: Promise<T>,
): Promise<T | null> {
  const tried = await trying.catch((error: unknown) => ({
    violations: [`${name}: ${String(error)}`],
    log: [],
  }));
  const kept = tried.violations.length === 0;
  console.log(`${kept ? 'kept  ' : 'BROKEN'} ${name}`);
  if (!kept) console.log([...tried.violations, ...tried.log].map((line) => `       ${line}`).join('\n'));
  problems.push(...tried.violations);
  return kept ? trying : null;
}

try {
  const lanes = await openLanes(sandbox, 6);
  const [deaths, outages] = await Promise.all([
    Promise.all(
      DEATHS.filter((death) => isSelected(inWords(death))).map((death) =>
        report(inWords(death), lanes.try(death)),
      ),
    ),
    Promise.all(
      OUTAGES.filter(({ name }) => isSelected(name)).map(async (outage) => {
        const survived = lanes.use((lane, own) => survive(sandbox, lane, own, outage));
        const ending = await report(outage.name, survived);
        return ending && { outage, ending };
      }),
    ),
  ]);
  await lanes.close();
  console.log(`${deaths.length + outages.length} run, ${problems.length} promises broken`);
  if (values.write) {
    const file = join(ROOT, 'docs/reliability.md');
    const found = {
      deaths: deaths.filter((died) => died !== null),
      outages: outages.filter((out) => out !== null),
    };
    await writeFile(file, withTables(await readFile(file, 'utf8'), found));
  }
} finally {
  await sandbox.close();
}
process.exit(problems.length === 0 ? 0 : 1);

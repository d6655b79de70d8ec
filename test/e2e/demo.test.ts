import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { startEngine, type Engine } from '../../sandbox/engine/engine.ts';
import { namePrefixOf } from '../../sandbox/run-folder.ts';

jest.setTimeout(180_000);

const root = join(import.meta.dirname, '../..');
let running: ChildProcess | null = null;
let engine: Engine;

beforeAll(async () => {
  engine = await startEngine();
});

afterAll(() => engine.close());

afterEach(() => {
  running?.kill('SIGKILL');
});

/** Starts the demo. `untilPrinted` resolves with all output so far when a line contains `words`. */
function demo(...scenarios: string[]) {
  const child = spawn(process.execPath, ['test/demo/demo.ts', ...scenarios], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code);
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const untilPrinted = async (words: string) => {
    while (!lines.some((line) => line.includes(words))) await once(output, 'line');
    return lines;
  };
  return { child, ended, untilPrinted };
}

const evidence = (file: string) => readFile(join(root, '.sandbox/demo/crash', file), 'utf8');

/** Containers of sandboxes in the demo's folder. */
async function containers(): Promise<string[]> {
  const prefix = `/${namePrefixOf(join(root, '.sandbox'))}-`;
  const all = await engine.docker.listContainers({ all: true });
  return all.filter(({ Names }) => Names.some((name) => name.startsWith(prefix))).map(({ Id }) => Id);
}

// script/demo itself fails if a scenario does not end as expected.
test('a release has only the printed permissions and leaves its files, and ctrl-C during the next one removes everything else', async () => {
  const before = await containers();
  const { child, ended, untilPrinted } = demo('crash', 'good');
  const lines = await untilPrinted('% of production traffic goes to the new revision');
  expect(JSON.parse(await evidence('outputs.json'))).toMatchObject({ outcome: 'rolled-back' });
  expect(await evidence('exit-code')).toBe('1\n');
  expect(await evidence('summary.md')).toContain('price list');
  expect(await evidence('log.txt')).toContain('outcome: rolled-back');
  const events = (await evidence('events.jsonl')).trim().split('\n');
  expect(JSON.parse(events.at(-1)!)).toMatchObject({ kind: 'finished', outcome: 'rolled-back' });
  expect(lines).toContainEqual(
    expect.stringContaining('what ecs-ramp policy prints for it, and nothing else'),
  );
  expect(lines.filter((line) => line.includes('NOT AS EXPECTED'))).toEqual([]);
  const [endpoint] = /http:\S+/.exec(lines.find((line) => line.includes('sandbox at'))!)!;
  const ecs = new ECSClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'GUARDED', secretAccessKey: 'sandbox' },
  });
  const describe = (service: string) =>
    ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: [service] }));
  expect(await describe('web')).toMatchObject({ services: [{ serviceName: 'web' }] });
  await expect(describe('api')).rejects.toThrow(/not authorized to perform: ecs:DescribeServices on/);
  ecs.destroy();
  const started = (await containers()).filter((id) => !before.includes(id));
  expect(started).toHaveLength(4);
  child.kill('SIGINT');
  expect(await ended).not.toBe(0);
  const left = await containers();
  expect(left.filter((id) => started.includes(id))).toEqual([]);
});

test('an unknown scenario is refused with the names of all scenarios', async () => {
  const { child, ended } = demo('goood');
  const [said]: Buffer[] = await once(child.stderr, 'data');
  expect(said?.toString()).toBe('There is no scenario goood: good, errors, slow, crash, full, drained.\n');
  expect(await ended).toBe(2);
});

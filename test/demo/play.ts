import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseImage } from '../../examples/base-image.ts';
import { SHOP } from '../../examples/stack.ts';
import { type FinishedStep, runAction } from './runner.ts';
import type { Result, Scenario } from './scenario.ts';
import { drainHostOfNewestTask } from './instances.ts';
import { renderHtml } from '../../src/report/html/html.ts';
import { readTrail } from '../../src/core/trail/trail.ts';
import type { ShopSandbox } from './stage.ts';
import { watchWeights } from './weights.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The folder with a folder of files for each scenario. */
export const RECORDINGS = join(ROOT, '.sandbox/demo');

/** Interval of the lines about the users, in milliseconds. */
const INTERVAL = 5_000;

/**
 * Releases the scenario's version with the bundle in dist/, with users. Writes outputs.json,
 * summary.md, report.html, events.jsonl, log.txt, result.json and exit-code to .sandbox/demo/NAME.
 */
export async function play(
  stage: ShopSandbox,
  scenario: Scenario,
  say: { readonly action: (line: string) => void; readonly users: (line: string) => void },
  signal: AbortSignal,
): Promise<Result> {
  const folder = join(RECORDINGS, scenario.name);
  const temp = join(folder, 'runner-temp');
  const files = { 'events-file': join(folder, 'events.jsonl'), 'summary-file': join(folder, 'summary.md') };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  const load = stage.loads.web;
  const rule = stage.stack.services.web?.productionRuleArn;
  if (!rule || !load) throw new Error('The web service has no listener rule, or no users.');
  const weights = await watchWeights(stage.aws.elb, rule);
  const before = load.count();
  const refusedBefore = stage.refused().length;
  load.recent();
  const ticker = setInterval(() => {
    const { total, failed, median, p99 } = load.recent();
    const rate = Math.round(total / (INTERVAL / 1_000));
    say.users(
      `${rate} requests/s, median ${median} ms, p99 ${p99} ms, ${failed} failed; ${Math.round(weights.percent())}% on the new revision`,
    );
  }, INTERVAL);

  const began = performance.now();
  let isSaid = false;
  const drainAt = async (percent: number) => {
    if (!(await weights.reached(percent, step.done))) return;
    const host = await drainHostOfNewestTask(stage.aws.ecs, 'shop', 'web');
    say.users(`the host of a new task is drained: ${host}`);
  };
  const step = runAction({
    action: ROOT,
    inputs: { ...(await inputs(stage, scenario)), ...files },
    environment: stage.environment,
    workspace: SHOP,
    temp,
    commit: createHash('sha1').update(scenario.name).digest('hex'),
    onLine(line) {
      isSaid ||= line.includes(scenario.says ?? '');
      say.action(line);
    },
  });
  const draining = scenario.drainAt === undefined ? null : drainAt(scenario.drainAt);
  const stop = () => step.vanish();
  signal.addEventListener('abort', stop);
  try {
    const [finished] = await Promise.all([step.done, draining]);
    signal.throwIfAborted();
    await leave(folder, finished);
    await weights.stop();
    const after = load.count();
    const result = {
      scenario,
      outcome: finished.outputs['outcome'] ?? '',
      exitCode: finished.exitCode,
      highestPercent: weights.highest(),
      finalPercent: weights.percent(),
      shares: weights.shares(),
      secondsExposed: weights.secondsExposed(),
      seconds: (performance.now() - began) / 1_000,
      requests: after.total - before.total,
      failed: after.failed - before.failed,
      refused: stage.refused().slice(refusedBefore),
      said: isSaid,
    };
    await writeFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
    await writeFile(join(folder, 'report.html'), renderHtml(readTrail(files['events-file'])));
    return result;
  } finally {
    signal.removeEventListener('abort', stop);
    clearInterval(ticker);
    await weights.stop();
    await rm(temp, { recursive: true, force: true });
  }
}

/** As in examples/shop/ecs-ramp.yml, but with seconds instead of minutes. */
async function inputs(
  { docker }: ShopSandbox,
  { release, fault, cluster, bakeTime = '10s' }: Scenario,
): Promise<Record<string, string>> {
  return {
    service: 'web',
    cluster: 'shop',
    repository: 'shop/web',
    context: 'web',
    'build-args': `NODE_IMAGE=${await baseImage(docker)}\nRELEASE=${release}\nFAULT=${fault}`,
    'smoke-test': '/healthz',
    // Fewer steps where the steps are not the point.
    steps: cluster ? '30,100' : '10,30,60,90,100',
    'bake-time': bakeTime,
    'step-timeout': '2m',
    'start-timeout': '1m',
    'metric-period': '5s',
    'metric-delay': '5s',
    'warm-up': '5s',
    'keep-old': '0m',
  };
}

async function leave(folder: string, { outputs, log, exitCode }: FinishedStep): Promise<void> {
  await Promise.all([
    writeFile(join(folder, 'outputs.json'), `${JSON.stringify(outputs, null, 2)}\n`),
    writeFile(join(folder, 'log.txt'), log.map((line) => `${line}\n`).join('')),
    writeFile(join(folder, 'exit-code'), `${exitCode}\n`),
  ]);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startEngine } from '../sandbox/engine/engine.ts';

/**
 * `node script/with-engine.ts COMMAND...`: runs COMMAND with DOCKER_HOST set to a Docker engine,
 * which is started if none is running.
 */
const [command, ...rest] = process.argv.slice(2);
if (command === undefined) throw new Error('usage: script/with-engine COMMAND...');

const engine = await startEngine();
try {
  const child = spawn(command, rest, {
    stdio: 'inherit',
    env: { ...process.env, DOCKER_HOST: engine.dockerHost },
  });
  // ctrl-C also reaches the command itself, whose end ends this script.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await engine.close();
}
process.exit();

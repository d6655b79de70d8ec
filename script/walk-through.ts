import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/**
 * Follows a page: starts script/sandbox as the page shows, and runs all its `sh` blocks in one
 * shell. Fails when a command fails, when the last line differs from the page, or when ctrl-C does
 * not end the sandbox.
 */
const page = process.argv[2];
if (page === undefined) throw new Error('usage: node script/walk-through.ts PAGE');
const text = await readFile(page, 'utf8');
const start = /^\$ (script\/sandbox[^#\n]*)/m.exec(text)?.[1];
const commands = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('');
const lastLine = /^The last line names .*`(.+)`\.$/m.exec(text)?.[1];
if (!start || !commands || !lastLine) {
  throw new Error(`${page} has no "$ script/sandbox ...", no sh blocks, or no "The last line names".`);
}

// Own process groups: ctrl-C reaches all processes, as from a terminal.
const sandbox = spawn('bash', ['-c', `exec ${start}`], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
const ended = once(sandbox, 'exit');
try {
  await ready(sandbox.stdout);
  const last = await run(commands);
  if (!last.endsWith(lastLine)) throw new Error(`The last line is "${last}", not "${lastLine}".`);
} finally {
  endGroup(sandbox);
}
const [code] = await ended;
if (code !== 0) throw new Error(`script/sandbox ended with ${code} after ctrl-C.`);
console.log(`${page}: every command works.`);

async function ready(output: NodeJS.ReadableStream): Promise<void> {
  const lines = createInterface({ input: output });
  for await (const line of lines) {
    console.log(line);
    if (line !== 'ready') continue;
    output.on('data', () => {}); // Later output must not fill the pipe.
    return;
  }
  throw new Error('script/sandbox ended before it was ready.');
}

/** Resolves to the last line that the commands print, and ends their background processes. */
async function run(commands: string): Promise<string> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    env: { ...process.env, AWS_PAGER: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  shell.once('exit', () => endGroup(shell));
  const closed = once(shell, 'close');
  let last = '';
  for await (const line of createInterface({ input: shell.stdout })) {
    console.log(line);
    last = line.trim() || last;
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`A command of ${page} ended with ${code}.`);
  return last;
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGINT');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // ESRCH: no process is left.
  }
}

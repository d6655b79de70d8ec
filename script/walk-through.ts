import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/**
 * Does what a page tells a reader to do: starts script/sandbox, exports what it prints, runs every `sh` block of the page in one
 * shell. Fails when a command fails, when what the page says of the last line is not so, or when ctrl-C does not end the sandbox.
 */
const page = process.argv[2];
if (page === undefined) throw new Error('usage: node script/walk-through.ts PAGE');
const text = await readFile(page, 'utf8');
const commands = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('');
const promised = /^The last line names .*`(.+)`\.$/m.exec(text)?.[1];
if (commands === '' || promised === undefined)
  throw new Error(`${page} has no commands, or no "The last line names".`);

const sandbox = spawn('script/sandbox', { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
const ended = once(sandbox, 'exit');
try {
  const environment = await exportedBy(sandbox.stdout);
  const lastLine = await run(commands, environment);
  if (!lastLine.endsWith(promised)) throw new Error(`The last line is "${lastLine}", not "${promised}".`);
} finally {
  sandbox.kill('SIGINT');
}
const [code] = await ended;
if (code !== 0) throw new Error(`script/sandbox ended with ${code} after ctrl-C.`);
console.log(`${page}: every command works.`);

/** Until it says that it is ready. */
async function exportedBy(output: NodeJS.ReadableStream): Promise<Record<string, string>> {
  const environment: Record<string, string> = {};
  for await (const line of createInterface({ input: output })) {
    console.log(line);
    const [, name, value] = /^\s*export (\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) environment[name] = value.replace(/^(['"])(.*)\1$/, '$2');
    if (/\bready\b/i.test(line)) return environment;
  }
  throw new Error('script/sandbox ended before it was ready.');
}

async function run(commands: string, environment: Record<string, string>): Promise<string> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    env: { ...process.env, AWS_PAGER: '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(shell, 'close');
  let last = '';
  for await (const line of createInterface({ input: shell.stdout })) {
    console.log(line);
    if (line.trim() !== '') last = line.trim();
  }
  const [code] = await closed;
  if (code !== 0) throw new Error(`A command of ${page} ended with ${code}.`);
  return last;
}

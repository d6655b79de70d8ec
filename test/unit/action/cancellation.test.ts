import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');

/** Prints continuously, and prints the received signals to stderr when it ends. */
const JOB = `
import { cancellation } from './src/commands/run/cancellation.ts';
const heard = [];
const signal = cancellation((reason) => heard.push(reason), ({ message }) => heard.push(message));
const talk = setInterval(() => console.log('talking'), 5);
signal.addEventListener('abort', () => setTimeout(() => {
  clearInterval(talk);
  console.error(JSON.stringify([String(signal.reason), heard]));
  process.exit();
}, 50));
`;

function job(mistake = '') {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `${JOB}${mistake}`], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const ended = once(child, 'close').then(() => said);
  return { child, ended };
}

test('a signal cancels the job, and further signals are ignored', async () => {
  const { child, ended } = job();
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  const [reason, heard]: [string, string[]] = JSON.parse(await ended);
  expect(['SIGINT', 'SIGTERM']).toContain(reason);
  expect(heard).toEqual([reason]);
});

test('a job whose log is closed is cancelled but not killed', async () => {
  const { child, ended } = job();
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(JSON.parse(await ended)).toEqual([
    'its log cannot be written: write EPIPE',
    ['its log cannot be written: write EPIPE'],
  ]);
});

test.each(["setInterval(() => { throw new Error('broken'); }, 1);", "Promise.reject('broken');"])(
  'an uncaught error is reported once and fails the job: %s',
  async (mistake) => {
    const { child, ended } = job(mistake);
    expect(JSON.parse(await ended)).toEqual(['Error: broken', ['broken']]);
    expect(child.exitCode).toBe(1);
  },
);

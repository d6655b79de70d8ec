import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A running AWS CLI. It is loaded once, because loading takes most of a command's time. */
export interface Cli {
  run(words: readonly string[]): Promise<Said>;
  close(): void;
}

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the AWS CLI of a Python, given by the path of its interpreter. */
export function startCli(python: string, env: NodeJS.ProcessEnv): Cli {
  const process = spawn(python, [join(import.meta.dirname, 'resident.py')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  return {
    async run(words) {
      process.stdin.write(`${JSON.stringify(words)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${python} ended at aws ${words.join(' ')}`);
      return JSON.parse(value);
    },
    close: () => process.stdin.end(),
  };
}

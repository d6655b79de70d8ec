import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts moto on a free port. Resolves when it listens. */
export async function startMoto(program: string): Promise<{ readonly endpoint: string; stop(): void }> {
  const server = spawn(program, ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const gone = new Promise<never>((_, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`moto ended with ${code} before it listened.`)));
  });
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      const [, endpoint] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (endpoint !== undefined) resolve(endpoint);
    });
  });
  const endpoint = await Promise.race([listening, gone]);
  gone.catch(() => {}); // expected after `stop`
  return { endpoint, stop: () => server.kill() };
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommandLine, USAGE, UsageMistake } from './command-line.ts';
import type { Engine } from './engine/engine.ts';
import { type Policy, PolicyMistake, readPolicy } from './iam/policy.ts';
import type { Sandbox } from './sandbox.ts';

/** Runs the sandbox until a signal, then removes everything. */
async function main(): Promise<void> {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked === 'help') return console.log(USAGE);
  const policy = asked.policyFile === null ? null : await policyIn(asked.policyFile);
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
  // Loaded late, so that errors on the command line are reported at once.
  const { startEngine } = await import('./engine/engine.ts');
  const { startSandbox } = await import('./sandbox.ts');
  const engine = asked.simulated ? null : await startEngine({ directory: join(asked.directory, 'engine') });
  try {
    const sandbox = await startSandbox({ ...asked, policy, engine });
    try {
      if (asked.example && engine) await Promise.race([createExample(sandbox, engine), signalled]);
      const lines = variables(sandbox, engine);
      console.log(lines);
      if (asked.environmentFile !== null) await writeFile(asked.environmentFile, `${lines}\n`);
      console.log('ready');
      await signalled;
    } finally {
      console.log('stopping ...');
      await sandbox.close();
    }
  } finally {
    await engine?.close();
  }
}

async function policyIn(file: string): Promise<Policy> {
  try {
    return readPolicy(await readFile(file, 'utf8'));
  } catch (error) {
    const why =
      error instanceof PolicyMistake ? error.message : `The file cannot be read (${String(error)}).`;
    throw new UsageMistake(`--policy ${file}: ${why}`);
  }
}

/** Shell commands that set the environment variables. */
function variables(sandbox: Sandbox, engine: Engine | null): string {
  const exported = Object.entries(sandbox.environment)
    // An engine that was running before is found without this variable.
    .filter(([name]) => name !== 'DOCKER_HOST' || engine?.isPrivate)
    .map(([name, value]) => `export ${name}=${value}`);
  // These would take precedence over the keys.
  const inTheWay = ['AWS_PROFILE', 'AWS_SESSION_TOKEN'].filter((name) => process.env[name] !== undefined);
  return [...inTheWay.map((name) => `unset ${name}`), ...exported].join('\n');
}

async function createExample(sandbox: Sandbox, { docker }: Engine): Promise<void> {
  // Loaded only on demand, because loading takes time.
  const { createExampleStack, exampleClients } = await import('../examples/stack.ts');
  const role = (name: string) => `arn:aws:iam::${sandbox.account}:role/${name}`;
  const { host } = await createExampleStack({
    docker,
    aws: exampleClients(sandbox.client),
    network: { vpc: 'vpc-shop', subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-shop'] },
    roles: { infrastructure: role('shop-infrastructure'), execution: role('shop-execution') },
    ports: { production: 8080, test: 8081 },
    onProgress: (line) => console.log(line),
  });
  console.log(`the shop is available at http://${host}:8080/`);
}

try {
  await main();
  // Do not wait for idle connections.
  process.exit(0);
} catch (error) {
  if (error instanceof UsageMistake) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error instanceof Error ? `script/sandbox: ${error.message}` : error);
  process.exit(error instanceof UsageMistake ? 2 : 1);
}

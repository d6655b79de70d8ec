import type Docker from 'dockerode';
import {
  type ExampleClients,
  type ExampleStack,
  createExampleStack,
  exampleClients,
} from '../examples/stack.ts';
import { startEngine } from '../sandbox/engine/engine.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { freePorts } from './free-ports.ts';
import { type Load, startLoad } from './load.ts';

/** Where the scenarios play: a sandbox in which version 1 of the shop's web service serves users. */
export interface Stage {
  readonly docker: Docker;
  readonly aws: ExampleClients;
  readonly stack: ExampleStack;
  readonly load: Load;
  /** What an action must have in its environment to meet this AWS and this engine. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Users' requests a second. */
const RATE = 200;

export async function openStage(tell: (line: string) => void): Promise<Stage> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const engine = await startEngine();
    closing.push(() => engine.close());
    tell(`engine at ${engine.dockerHost}`);
    const sandbox = await startSandbox({ engine });
    closing.push(() => sandbox.close());
    tell(`sandbox at ${sandbox.endpoint}`);
    const [production = 0, test = 0] = await freePorts(2);
    const aws = exampleClients(sandbox.client);
    const stack = await createExampleStack({
      docker: engine.docker,
      aws,
      services: ['web'],
      network: { vpc: 'vpc-shop', subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-shop'] },
      roles: {
        infrastructure: 'arn:aws:iam::123456789012:role/shop-infrastructure',
        execution: 'arn:aws:iam::123456789012:role/shop-execution',
      },
      ports: { production, test },
      onProgress: tell,
    });
    const load = startLoad({ url: `http://${stack.host}:${production}/`, rate: RATE });
    closing.push(() => load.stop());
    tell(`users: ${RATE} requests a second`);
    return { docker: engine.docker, aws, stack, load, environment: sandbox.environment, close };
  } catch (error) {
    await close();
    throw error;
  }
}

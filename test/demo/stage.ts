import type Docker from 'dockerode';
import {
  type ExampleClients,
  type ExampleStack,
  type ShopService,
  type Twin,
  createExampleStack,
  exampleClients,
} from '../../examples/stack.ts';
import { startEngine } from '../../sandbox/engine/engine.ts';
import { startSandbox, type SandboxOptions } from '../../sandbox/sandbox.ts';
import { freePorts } from './free-ports.ts';
import { createInstances, TASK_SIZE } from './instances.ts';
import { type Load, startLoad } from './load.ts';
import { printedPolicy } from './policy.ts';

/** A sandbox in which version 1 of some services of the example shop serves users. */
export interface ShopSandbox {
  readonly docker: Docker;
  readonly aws: ExampleClients;
  readonly stack: ExampleStack;
  /** The users' requests by service. */
  readonly loads: Readonly<Partial<Record<ShopService, Load>>>;
  /** URL of the load balancer's production listener: `http://host:port`. */
  readonly productionUrl: string;
  /** URL of the sandbox's AWS API. */
  readonly endpoint: string;
  /** Environment variables with which an action uses this AWS and this Docker engine. */
  readonly environment: Readonly<Record<string, string>>;
  /** The actions denied so far with that environment, for example `ecs:DeleteService on ARN`. */
  refused(): readonly string[];
  close(): Promise<void>;
}

export interface StageOptions {
  readonly services: readonly ShopService[];
  /** More services, each with users at the path of its name. */
  readonly twins?: readonly Twin[];
  /** Requests of users per second to each service that has a port. */
  readonly rate: number;
  /**
   * `environment` only has the permissions that `ecs-ramp policy` prints for this service. Default:
   * all.
   */
  readonly boundTo?: ShopService;
  /** Folder for the sandbox's files. Default: .sandbox. */
  readonly directory?: string;
  /** Times of the sandbox's ECS. Default: as in AWS. */
  readonly timing?: SandboxOptions['timing'];
  /** Until a new instance of an Auto Scaling group is in service. Default: as in AWS. */
  readonly launchTime?: SandboxOptions['launchTime'];
  /** Runs the services on instances: one at first, more when tasks wait for room. Default: Fargate. */
  readonly instances?: { readonly maximum: number };
  readonly tell?: (line: string) => void;
}

/** The path that users request; `null` if the service has no port. */
const PATHS: Readonly<Record<ShopService, string | null>> = { web: '/', api: '/api/items', worker: null };

const ACCOUNT = '123456789012';
const ROLES = {
  infrastructure: `arn:aws:iam::${ACCOUNT}:role/shop-infrastructure`,
  execution: `arn:aws:iam::${ACCOUNT}:role/shop-execution`,
};

export async function openShopSandbox({
  services,
  twins = [],
  rate,
  boundTo,
  directory,
  timing = {},
  launchTime,
  instances,
  tell = () => {},
}: StageOptions): Promise<ShopSandbox> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  const refused: string[] = [];
  const of = { account: ACCOUNT, region: 'eu-west-1', infrastructureRole: ROLES.infrastructure };
  const printed = boundTo === undefined ? null : printedPolicy(boundTo, of);
  printed?.catch(() => {}); // reported where it is awaited
  try {
    const engine = await startEngine();
    closing.push(() => engine.close());
    tell(`engine at ${engine.dockerHost}`);
    const sandbox = await startSandbox({
      engine,
      timing,
      ...(launchTime !== undefined && { launchTime }),
      policy: await printed,
      onRefused: ({ action, resource }) => refused.push(`${action} on ${resource}`),
      ...(directory && { directory }),
    });
    closing.push(() => sandbox.close());
    tell(`sandbox at ${sandbox.endpoint}`);
    if (boundTo) tell(`a release of ${boundTo} may do what ecs-ramp policy prints for it, and nothing else`);
    const [production = 0, test = 0] = await freePorts(2);
    const aws = exampleClients(sandbox.client);
    const capacityProvider = instances && (await createInstances(aws.ecs, sandbox.client, instances));
    const stack = await createExampleStack({
      docker: engine.docker,
      aws,
      services,
      twins,
      network: { vpc: 'vpc-shop', subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-shop'] },
      roles: ROLES,
      ports: { production, test },
      ...(capacityProvider && { instances: { capacityProvider, taskSize: TASK_SIZE } }),
      onProgress: tell,
    });
    const productionUrl = `http://${stack.host}:${production}`;
    const loads: Partial<Record<ShopService, Load>> = {};
    for (const service of services) {
      const path = PATHS[service];
      if (path === null) continue;
      const load = startLoad({ url: `${productionUrl}${path}`, rate });
      loads[service] = load;
      closing.push(() => load.stop());
    }
    for (const { name } of twins) {
      const load = startLoad({ url: `${productionUrl}/${name}`, rate });
      closing.push(() => load.stop());
    }
    tell(`users: ${rate} requests a second`);
    const { endpoint, environment } = sandbox;
    return {
      docker: engine.docker,
      aws,
      stack,
      loads,
      productionUrl,
      endpoint,
      environment,
      refused: () => [...refused],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

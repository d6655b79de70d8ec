import type { Deployment, RegisterTaskDefinitionCommandInput, Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { fargateSizeProblem } from '../../../../src/rollout/preflight/fargate-size.ts';
import { fitOf, type FitRequest } from '../../../../src/rollout/preflight/fit.ts';

const SERVICE: Service = {
  serviceName: 'shop',
  launchType: 'FARGATE',
  loadBalancers: [{ targetGroupArn: 'arn', containerName: 'web', containerPort: 8080 }],
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
};
const FITTING: RegisterTaskDefinitionCommandInput = {
  family: 'shop',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    { name: 'web', image: 'x', portMappings: [{ containerPort: 8080, name: 'http' }] },
    { name: 'proxy', image: 'y', portMappings: [{ containerPort: 9901 }] },
  ],
};
const [WEB, PROXY] = FITTING.containerDefinitions!;

interface Case {
  readonly definition?: Partial<RegisterTaskDefinitionCommandInput>;
  readonly service?: Service;
  readonly deployment?: Deployment;
  readonly facts?: Partial<FitRequest>;
}

function fit({ definition, service, deployment, facts }: Case, present = FITTING) {
  return fitOf(
    {
      service: {
        ...SERVICE,
        ...service,
        ...(deployment && { deployments: [{ status: 'PRIMARY', ...deployment }] }),
      },
      definition: { ...FITTING, ...definition },
      isInEcr: false,
      platforms: [],
      ...facts,
    },
    present,
  );
}
const problems = (given: Case, present: Partial<RegisterTaskDefinitionCommandInput> = {}) =>
  fit(given, { ...FITTING, ...present }).problems;

/** A present task definition with one more port. */
const withPort = (containerPort: number, name: string) => ({
  containerDefinitions: [{ ...WEB, portMappings: [...WEB!.portMappings!, { containerPort, name }] }],
});

test('a task definition that fits has no problems', () => {
  expect(fit({})).toEqual({ problems: [], remarks: [] });
});

describe('the load balancer', () => {
  test('names a container that the task definition does not have', () => {
    expect(problems({ definition: { containerDefinitions: [{ ...WEB, name: 'app' }, PROXY!] } })).toEqual([
      'task-definition: the load balancer of service shop uses container web:8080, but the task definition has no container "web". It has app (8080), proxy (9901). Rename the container to web, or change loadBalancers of the service first.',
    ]);
  });

  test('names a port that the container does not have', () => {
    const container = { ...WEB, portMappings: [{ containerPort: 80 }] };
    expect(problems({ definition: { containerDefinitions: [container] } })).toEqual([
      'task-definition: the load balancer of service shop uses port web:8080, but container web has only port 80. Add {"containerPort": 8080} to its portMappings, or change loadBalancers of the service first.',
    ]);
    const none = { ...WEB, portMappings: [] };
    expect(problems({ definition: { containerDefinitions: [none] } })[0]).toContain(
      'web has no port mappings',
    );
  });
});

test('the service registry names a container and a port', () => {
  const serviceRegistries = [{ registryArn: 'arn', containerName: 'web', containerPort: 9000 }];
  expect(problems({ service: { serviceRegistries } }, withPort(9000, 'registered'))).toEqual([
    expect.stringMatching(/^task-definition: the service registry of service shop uses port web:9000, /),
  ]);
  expect(problems({ service: { serviceRegistries: [{ registryArn: 'arn', port: 9000 }] } })).toEqual([]);
});

const connect = (portName: string, enabled = true) => ({
  deployment: { serviceConnectConfiguration: { enabled, services: [{ portName }] } },
});

test('Service Connect and VPC Lattice name a port', () => {
  expect(problems(connect('http'))).toEqual([]);
  expect(problems(connect('grpc', false))).toEqual([]);
  const grpc = withPort(50_051, 'grpc');
  expect(problems(connect('grpc'), grpc)).toEqual([
    'task-definition: Service Connect of service shop uses the port named "grpc", but the task definition has the names http. Add "name": "grpc" to the port mapping.',
  ]);
  const vpcLatticeConfigurations = [{ roleArn: 'arn', targetGroupArn: 'arn', portName: 'grpc' }];
  expect(problems({ deployment: { vpcLatticeConfigurations } }, grpc)[0]).toContain(
    'VPC Lattice of service shop',
  );
});

test('the network mode belongs to the target groups', () => {
  expect(problems({ definition: { networkMode: 'bridge' } })).toEqual([
    expect.stringMatching(
      /networkMode is bridge, but service shop has a networkConfiguration.*Set networkMode to awsvpc\.$/,
    ),
  ]);
  const onInstances: Service = { launchType: 'EC2', networkConfiguration: undefined };
  expect(problems({ service: onInstances }, { networkMode: 'bridge' })).toEqual([
    expect.stringMatching(/networkMode is awsvpc, but service shop has no networkConfiguration/),
  ]);
  for (const networkMode of ['bridge', 'host', undefined] as const)
    expect(problems({ service: onInstances, definition: { networkMode } })).toEqual([]);
});

describe('Fargate', () => {
  const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT' }];
  test.each<[string, Case, RegExp]>([
    [
      'compatibility',
      { definition: { requiresCompatibilities: ['EC2'] } },
      /requiresCompatibilities is EC2\. Add FARGATE/,
    ],
    [
      'memory',
      { definition: { memory: '4096' } },
      /no tasks with cpu 256 and memory 4096\. Write a memory from 512 to 2048/,
    ],
    ['missing cpu', { definition: { cpu: undefined } }, /has no cpu for the task/],
    [
      'a capacity provider',
      { service: { launchType: undefined, capacityProviderStrategy }, definition: { cpu: '300' } },
      /no tasks with cpu 300\. Write 256, 512/,
    ],
    ['an execution role for ECR', { facts: { isInEcr: true } }, /an image in ECR require an execution role/],
    [
      'an execution role for secrets and logs',
      {
        definition: {
          containerDefinitions: [
            {
              ...WEB,
              secrets: [{ name: 'A', valueFrom: 'arn' }],
              logConfiguration: { logDriver: 'awslogs' },
            },
          ],
        },
      },
      /secrets and the log driver awslogs require an execution role/,
    ],
  ])('requires %s', (_, given, problem) => {
    // The present task definition has none of these problems.
    const present = { ...FITTING, executionRoleArn: 'role' };
    expect(fit(given, present).problems).toEqual([expect.stringMatching(problem)]);
    if (given.service !== undefined) return;
    const elsewhere = { ...given, service: { launchType: 'EC2' } as const };
    expect(problems(elsewhere)).toEqual([]);
  });

  test.each([
    ['256', '512', true],
    ['.25 vCPU', '0.5 GB', true],
    ['256', '1536', false],
    ['1024', '3072', true],
    ['4096', '31744', false],
    ['8192', '20480', true],
    ['8192', '17408', false],
    ['16 vCPU', '120 GB', true],
    ['32768', '1', true],
    ['x', 'y', true],
  ])('cpu %s and memory %s', (cpu, memory, exists) => {
    expect(fargateSizeProblem(cpu, memory) === null).toBe(exists);
  });
});

test('volumes that are configured at launch stand in both', () => {
  const volumes = [{ name: 'data', configuredAtLaunch: true }];
  const deployment = { volumeConfigurations: [{ name: 'data' }] };
  expect(problems({ definition: { volumes }, deployment })).toEqual([]);
  expect(problems({ definition: { volumes } })[0]).toContain('service shop has no configuration for it');
  expect(problems({ deployment }, { volumes })[0]).toContain('configures the volume "data" at launch');
});

test('an image for another architecture is remarked, because AWS accepts it', () => {
  const platforms = ['linux/arm64'];
  expect(fit({ facts: { platforms } })).toEqual({
    problems: [],
    remarks: [
      expect.stringMatching(/^The image is built for linux\/arm64, but the tasks run on linux\/amd64/),
    ],
  });
  const runtimePlatform = { cpuArchitecture: 'ARM64' } as const;
  expect(fit({ facts: { platforms }, definition: { runtimePlatform } }).remarks).toEqual([]);
  expect(fit({ facts: { platforms: ['linux/arm64', 'linux/amd64'] } }).remarks).toEqual([]);
});

test('what ECS accepted in the present task definition is no problem', () => {
  const definition = { ...FITTING, memory: '4096' };
  expect(fit({ definition }, definition).problems).toEqual([]);
});

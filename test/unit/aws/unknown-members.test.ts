// Members that AWS has added after this version of the SDK.
import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { inProcess } from '../../../sandbox/wire/wire.ts';
import { createClients, type Clients } from '../../../src/aws/clients.ts';
import { prepareTaskDefinition } from '../../../src/aws/task-definition/task-definition.ts';
import type { NewEvent } from '../../../src/core/trail/event.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';

let aws: SimulatedAws;
beforeEach(async () => {
  aws = await createSimulatedAws({ versions: {} });
});
afterEach(() => aws.close());

// oxlint-disable-next-line typescript/no-explicit-any -- the bodies of any call
type Body = any;

/** An ECS with newer members, which are in its answers. `sent` has the bodies of each operation. */
function newerEcs({ keeps = true } = {}): { readonly clients: Clients; readonly sent: Map<string, Body> } {
  const sent = new Map<string, Body>();
  const wire = inProcess(aws.wire);
  const add = (taskDefinition: Body) => {
    taskDefinition.newSetting = { mode: 'A' };
    taskDefinition.containerDefinitions[0].newFlag = true;
    taskDefinition.containerDefinitions[0].portMappings[0].newList = [1, 'two'];
  };
  const requestHandler = {
    async handle(request: Parameters<typeof wire.handle>[0]) {
      const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
      sent.set(operation, JSON.parse(new TextDecoder().decode(request.body)));
      const { response } = await wire.handle(request);
      const body = JSON.parse(Buffer.from(response.body).toString());
      if (operation === 'DescribeTaskDefinition') add(body.taskDefinition);
      if (operation === 'RegisterTaskDefinition' && keeps) add(body.taskDefinition);
      if (operation === 'DescribeServices') body.services[0].deploymentConfiguration.newPace = 'SLOW';
      response.body = Buffer.from(JSON.stringify(body));
      return { response };
    },
  };
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const overrides = { endpoint: 'http://sandbox', credentials, requestHandler, maxAttempts: 1 };
  return { clients: createClients({ region: 'eu-west-1', version: 'test', overrides }), sent };
}

async function release(clients: Clients, image: string) {
  const told: NewEvent[] = [];
  const ecs = await clients.ecs();
  const { services } = await aws.until(
    ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] })),
  );
  await aws.until(
    prepareTaskDefinition({
      request: { file: null, containerName: null, environmentVariables: { RELEASE: '2' }, secrets: {} },
      image,
      currentArn: services![0]!.taskDefinition!,
      provenance: [],
      ecs,
      tell: (event) => told.push(event),
    }),
  );
  return told.filter((event) => event.kind === 'notice');
}

const NAMES = /newSetting.*containerDefinitions\[0\]\.newFlag|containerDefinitions\[0\]\.newFlag.*newSetting/;

test('a task definition that is registered again keeps them, and they are named', async () => {
  const { clients, sent } = newerEcs();
  const notices = await release(clients, 'v2');
  expect(sent.get('RegisterTaskDefinition')).toMatchObject({
    newSetting: { mode: 'A' },
    containerDefinitions: [
      { image: 'v2', newFlag: true, portMappings: [{ containerPort: 8080, newList: [1, 'two'] }] },
    ],
  });
  expect(notices).toEqual([{ kind: 'notice', level: 'notice', message: expect.stringMatching(NAMES) }]);
});

test('a warning says if ECS did not keep them', async () => {
  const { clients } = newerEcs({ keeps: false });
  expect(await release(clients, 'v2')).toEqual([
    {
      kind: 'notice',
      level: 'warning',
      message: expect.stringMatching(/the new revision does not show .*newFlag.*newer version of ecs-ramp/),
    },
  ]);
});

test('the settings of a service that are sent back keep them', async () => {
  const { clients, sent } = newerEcs();
  const ecs = await clients.ecs();
  const { services } = await aws.until(
    ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] })),
  );
  const { deploymentConfiguration } = services![0]!;
  await aws.until(
    ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'web', deploymentConfiguration })),
  );
  expect(sent.get('UpdateService').deploymentConfiguration).toMatchObject({
    strategy: 'BLUE_GREEN',
    newPace: 'SLOW',
  });
});

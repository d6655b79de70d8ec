// An image for another architecture than that of the tasks is reported before it is built.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CPUArchitecture } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import Docker from 'dockerode';
import { taskDefinitionRequest, webOnFargate } from '../../../support/task-definitions.ts';
import type { Request } from '../../../../src/core/request.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { buildRequest } from '../../../support/image-ports.ts';
import { releaseJob } from '../../../support/release-job.ts';

jest.setTimeout(60_000);

let sandbox: DeployedSandbox;
let engine: Server;
let folder: string;
let answer: object | null;

beforeEach(async () => {
  sandbox = await openDeployedSandbox();
  folder = mkdtempSync(join(tmpdir(), 'architecture-'));
  engine = createServer((request, response) => {
    if (answer !== null && request.url?.endsWith('/version')) response.end(JSON.stringify(answer));
    else response.writeHead(500).end();
  });
  engine.listen(join(folder, 'engine.sock'));
  await once(engine, 'listening');
});

afterEach(async () => {
  engine.close();
  engine.closeAllConnections();
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

/** The warnings of a dry run that would build with the engine. */
async function warnings(options: {
  readonly dockerfile?: string;
  readonly cpuArchitecture?: CPUArchitecture;
  readonly platforms?: readonly string[];
}): Promise<readonly string[]> {
  const { dockerfile = 'FROM node:24', cpuArchitecture, platforms = [] } = options;
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const definition = webOnFargate({
    ...(cpuArchitecture && { runtimePlatform: { cpuArchitecture, operatingSystemFamily: 'LINUX' } }),
  });
  const file = join(folder, 'task-definition.json');
  writeFileSync(file, JSON.stringify(definition));
  const image: Request['image'] = buildRequest({
    context: folder,
    platforms,
    push: { repository: 'shop/web', registry: 'registry.example.com', username: null, password: null },
  });
  const taskDefinition = taskDefinitionRequest({ file });
  const docker = () => Promise.resolve(new Docker({ socketPath: join(folder, 'engine.sock') }));
  const { notices, end } = await releaseJob(sandbox, { image, taskDefinition, dryRun: true }, { docker });
  expect(end).toMatchObject({ outcome: 'unchanged' });
  return notices.filter((notice) => notice.startsWith('The image is built for'));
}

const AMD64 = { Os: 'linux', Arch: 'amd64' };
const WARNING =
  'The image is built for linux/amd64, but the tasks run on linux/arm64 (runtimePlatform of the task definition): their containers cannot start. Add linux/arm64 to platforms, or change runtimePlatform.';

test('the architecture of the engine is compared with that of the task definition', async () => {
  answer = AMD64;
  expect(await warnings({ cpuArchitecture: 'ARM64' })).toEqual([WARNING]);
  expect(await warnings({ cpuArchitecture: 'X86_64' })).toEqual([]);
  answer = { Os: 'linux', Arch: 'arm64' };
  expect(await warnings({ cpuArchitecture: 'ARM64' })).toEqual([]);
});

test.each([
  ['platforms names it', { platforms: ['linux/arm64'] }, AMD64],
  ['the Dockerfile names it', { dockerfile: 'FROM --platform=linux/arm64 node:24' }, AMD64],
  ['no engine answers', {}, null],
])('nothing is said if %s', async (_, options, said) => {
  answer = said;
  expect(await warnings({ cpuArchitecture: 'ARM64', ...options })).toEqual([]);
});

test('a stage for the platform of the build changes nothing', async () => {
  answer = AMD64;
  const dockerfile = 'FROM --platform=$BUILDPLATFORM node:24 AS build\nFROM node:24';
  expect(await warnings({ cpuArchitecture: 'ARM64', dockerfile })).toEqual([WARNING]);
});

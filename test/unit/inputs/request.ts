import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { InvalidInputs, type Issue } from '../../../src/inputs/issue.ts';
import { requestFrom, secretsFrom } from '../../support/request-from.ts';
import type { BuildRequest, Request } from '../../../src/core/request.ts';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** A workspace with a Dockerfile. It is removed after the tests of the file. */
export const workspace = mkdtempSync(join(tmpdir(), 'inputs-'));
afterAll(() => rmSync(workspace, { recursive: true }));
writeFileSync(join(workspace, 'Dockerfile'), 'FROM scratch\n');

/** Writes a file into the workspace and returns its absolute path. */
export function given(path: string, text: string): string {
  const absolute = join(workspace, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

export type Inputs = Readonly<Record<string, string>>;

/** The minimal inputs of a build, which every test of another input extends. */
export const BUILD: Inputs = { service: 'web', repository: 'shop/web' };

/** Inputs as variables of the runner: INPUT_BUILD-ARGS. */
export function environmentOf(inputs: Inputs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

type Variables = Readonly<Record<string, string>>;

const surroundings = (inputs: Inputs, env: Variables) => ({
  env: {
    GITHUB_SHA: COMMIT,
    RUNNER_TEMP: '/runner/temp',
    ...env,
    ...environmentOf({ ...BUILD, ...inputs }),
  },
  workspace,
});

export function request(inputs: Inputs = {}, env: Variables = {}): Request {
  return requestFrom(surroundings(inputs, env));
}

/** The values that are masked. */
export function secrets(inputs: Inputs = {}, env: Variables = {}): readonly string[] {
  return secretsFrom(surroundings(inputs, env));
}

export function build(inputs: Inputs = {}, env: Readonly<Record<string, string>> = {}): BuildRequest {
  const { image } = request(inputs, env);
  if (image.kind !== 'build') throw new Error('nothing is built');
  return image;
}

/** The issues of the inputs; empty if they are valid. */
export function issues(inputs: Inputs = {}, env: Readonly<Record<string, string>> = {}): readonly Issue[] {
  try {
    request(inputs, env);
    return [];
  } catch (error) {
    if (error instanceof InvalidInputs) return error.issues;
    throw error;
  }
}

/** The text of the only issue. */
export function mistakeOf(inputs: Inputs, env: Readonly<Record<string, string>> = {}): string {
  const found = issues(inputs, env);
  if (found.length !== 1)
    throw new Error(`${found.length} mistakes: ${found.map(({ text }) => text).join('\n')}`);
  return found[0]!.text;
}

import { expect, test } from '@jest/globals';
import { lineOfStep, parseDockerfile } from '../../../src/image/dockerfile.ts';

const TEXT = `# syntax=docker/dockerfile:1
ARG BASE=node

FROM \${BASE}:24 AS Build
WORKDIR /app
# a comment \\
COPY package.json \\
  # in between

  package-lock.json ./
ENV A=b
RUN <<EOF
echo RUN not me
EOF
RUN npm ci
FROM build
COPY --from=build /app /app
FROM scratch as last
ADD a /
`;

test.each([
  ['a stage that copies over several lines', '[build 3/5] COPY package.json package-lock.json ./', 7],
  ['a heredoc', '[build 4/5] RUN <<EOF (echo RUN not me)', 12],
  ['what follows a heredoc', '[build 5/5] RUN npm ci', 15],
  ['a base image', '[build 1/5] FROM docker.io/library/node:24', 4],
  [
    'a stage on top of another one, which has no FROM of its own',
    '[stage-1 1/1] COPY --from=build /app /app',
    17,
  ],
  ['a named stage that begins with `as` in lower case', '[last 1/1] ADD a /', 19],
  ['steps that the base image put before (ONBUILD)', '[last 3/3] ADD a /', 19],
  ['a padded number and a platform', '[linux/amd64 build  2/5] WORKDIR /app', 5],
])('the line of %s is found', (_, step, line) => {
  expect(lineOfStep(parseDockerfile(TEXT), step)).toBe(line);
});

test('of two stages with the same base, the metadata belongs to the first', () => {
  const stages = parseDockerfile('FROM alpine:3\nFROM node:24\nFROM node:24');
  expect(lineOfStep(stages, '[internal] load metadata for docker.io/library/node:24')).toBe(2);
});

test.each([
  '[internal] load build context',
  '[build 5/5] COPY x y',
  '[nowhere 1/1] RUN x',
  'exporting to image',
])('no line is invented for %s', (step) => {
  expect(lineOfStep(parseDockerfile(TEXT), step)).toBeNull();
});

test('a backtick continues lines where the Dockerfile says so', () => {
  const text = '# escape=`\nFROM windows\nRUN dir `\n  C:\\\nRUN second';
  expect(lineOfStep(parseDockerfile(text), '[3/3] RUN second')).toBe(5);
});

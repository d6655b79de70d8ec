// Files that would cost minutes, or the stack, if they were read without limits.
import { expect, test } from '@jest/globals';
import { inspectConfig } from '../../../../src/inputs/config/read-config.ts';

const issuesOf = (text: string) => inspectConfig(text, 'ecs-ramp.yml').issues.map(({ text }) => text);
const many = (length: number, line: (index: number) => string) =>
  Array.from({ length }, (_, index) => line(index)).join('');

/** Of the mapping before, again and again. */
const aliases = (index: number) =>
  Array(9)
    .fill(`*a${index - 1}`)
    .join(', ');

test('mappings that merge each other again and again are merged once', () => {
  const layers = many(
    12,
    (index) => `  s${index}: &a${index} {<<: [${index === 0 ? '{cluster: c}' : aliases(index)}]}\n`,
  );
  expect(issuesOf(`defaults: {image: a/b:c, container-name: web}\nservices:\n${layers}`)).toEqual([]);
});

test('of merged mappings the first one wins, and a mapping wins over what it merges', () => {
  const text = `defaults: {image: a/b:c}
services:
  one: &one {cluster: first, role-duration-seconds: 900}
  two: &two {cluster: second, container-name: two}
  web: {<<: [*one, *two], container-name: web}
`;
  const { config } = inspectConfig(text, 'ecs-ramp.yml');
  const { settings } = config!.services.get('web')!;
  expect(settings.get('cluster')).toMatchObject({ text: 'first' });
  expect(settings.get('container-name')).toMatchObject({ text: 'web' });
});

test.each([
  ['a mapping that merges itself', 'services:\n  web: &a {<<: *a, cluster: c, image: a/b:c}\n'],
  ['a list that contains itself', 'services:\n  web: {cluster: c, image: a/b:c, paths: &a [web/**, *a]}\n'],
])('%s does not end in an internal error', (_, text) => {
  expect(() => issuesOf(text)).not.toThrow();
});

test('values that are nested too deeply are one mistake', () => {
  expect(issuesOf(`services: ${'['.repeat(20_000)}`).length).toBeGreaterThan(0);
  // The parser or a later walk overflows, by how much stack there is.
  for (const depth of [1_000, 1_500, 2_000, 3_000, 5_000, 20_000]) {
    const issues = issuesOf(`services: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(issues.length).toBeGreaterThan(0);
    if (depth === 20_000) expect(issues).toEqual([expect.stringContaining('nested too deeply')]);
    expect(issues.filter((issue) => issue.includes('nested too deeply')).length).toBeLessThanOrEqual(1);
  }
});

test('a key cannot write lines or colours of its own', () => {
  const [first] = issuesOf('services:\n  "we\\n::stop-commands::x\\e[31m": {clustr: a}\n');
  expect(first).toMatch(/^ecs-ramp.yml:\d+:\d+: services.we ::stop-commands::x\uFFFD\[31m/);
});

test('a file that is too long is one mistake', () => {
  expect(issuesOf(`# ${'x'.repeat(1_000_000)}`)).toEqual([
    expect.stringContaining('1,000,002 characters; the maximum is 1,000,000'),
  ]);
});

test('a long chain of needs is a mistake of each service that would wait too long', () => {
  const chain = many(3_000, (index) => `  s${index}: {cluster: c, image: a/b:c, needs: [s${index + 1}]}\n`);
  const issues = issuesOf(`services:\n${chain}  s3000: {cluster: c, image: a/b:c}\n`);
  expect(issues).toHaveLength(2_996);
  expect(issues[0]).toContain('3000 services would be deployed before it');
});

test('a long cycle of needs is found', () => {
  const cycle = many(
    300,
    (index) => `  s${index}: {cluster: c, image: a/b:c, needs: [s${(index + 1) % 300}]}\n`,
  );
  expect(issuesOf(`services:\n${cycle}`)[0]).toMatch(/it contains a cycle: s0 needs s1 needs s2 needs s3 /);
});

test('thousands of names that do not exist are told in short', () => {
  const text = many(3_000, (index) => `  s${index}: {cluster: c, image: a/b:c, needs: [zz${index}]}\n`);
  const issues = issuesOf(`services:\n${text}`);
  expect(issues).toHaveLength(3_000);
  expect(issues.at(-1)).toContain('s29 and 2970 more');
});

test('a pattern that would take long to match is refused, without repeating it', () => {
  const paths = JSON.stringify('*a'.repeat(5_000));
  const [issue = ''] = issuesOf(`services:\n  web: {cluster: c, image: a/b:c, paths: [${paths}]}\n`);
  expect(issue).toContain('a pattern has 10000 characters, and at most 1000 are allowed');
  expect(issue.length).toBeLessThan(500);
});

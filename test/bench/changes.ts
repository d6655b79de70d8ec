import { touchedBy } from '../../src/commands/changes/touched.ts';
import { readConfig } from '../../src/inputs/config/read-config.ts';

/** Measures how long it takes to find which of 500 services 10,000 files touch. */
const SERVICES = 500;
const FILES = 10_000;

const services = Array.from({ length: SERVICES }, (_, index) => {
  const needs = index > 0 ? `, needs: service-${Math.floor(index / 10)}` : '';
  return `  service-${index}: { uses: library-${index % 50}${needs} }`;
});
const libraries = Array.from(
  { length: 50 },
  (_, index) => `  library-${index}: { paths: ['**/library-${index}/*.ts'] }`,
);
const text = [
  "defaults: { context: 'services/{service}', cluster: shop }",
  'environments: { production: { branches: main, steps: [10, 100] }, staging: { branches: develop } }',
  'libraries:',
  ...libraries,
  'services:',
  ...services,
].join('\n');
const files = Array.from(
  { length: FILES },
  (_, index) => `services/service-${index % SERVICES}/src/file-${index}.ts`,
);

const began = performance.now();
const config = readConfig(text, 'ecs-ramp.yml');
const read = performance.now();
const touched = touchedBy(config, { files: [...files, 'ecs-ramp.yml'], before: config, everything: null });
const done = performance.now();
console.log(
  `${SERVICES} services, ${FILES} files: configuration read in ${Math.round(read - began)} ms, ${touched.length} touched services found in ${Math.round(done - read)} ms`,
);

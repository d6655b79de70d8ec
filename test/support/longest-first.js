// Jest sequencer that starts the test files that take a minute or more first. Started last, such a
// file would run alone at the end.
import Sequencer from '@jest/test-sequencer';

const LONG = [
  'e2e/deaths',
  'e2e/lifecycle',
  'e2e/secrets',
  'e2e/side-by-side',
  'e2e/own-failures',
  'e2e/demo',
  'e2e/image-context',
  'e2e/refusals',
];

const rank = ({ path }) => {
  const index = LONG.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return index === -1 ? LONG.length : index;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}

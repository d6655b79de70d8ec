import Sequencer from '@jest/test-sequencer';

/** Files that take a minute or more, the longest first: begun last, one of them would be waited for alone. */
const LONG = [
  'e2e/deaths',
  'e2e/lifecycle',
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

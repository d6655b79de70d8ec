import { expect, test } from '@jest/globals';
import { budgetProblems } from '../../../script/budget.ts';

const file = (name: string, bytes: number, imports = '') => ({ name, text: imports.padEnd(bytes) });

test('a bundle within its budget has no problems', () => {
  expect(budgetProblems([file('main.js', 1_000), file('client-ABCDEFGH.js', 1_400_000)])).toEqual([]);
});

test('the size of all files and of what an entry point loads at its start is limited', () => {
  const files = [
    file('main.js', 1_000, 'import{a}from"./rules-ABCDEFGH.js";await import("./client-ABCDEFGH.js")'),
    file('rules-ABCDEFGH.js', 110_000),
    file('client-ABCDEFGH.js', 1_400_000),
  ];
  expect(budgetProblems(files)).toEqual([
    'dist/ has 1,511,000 bytes of JavaScript: more than its budget of 1,500,000 bytes.',
    expect.stringContaining(
      'main.js loads 111,000 bytes at its start: more than its budget of 110,000 bytes.',
    ),
  ]);
});

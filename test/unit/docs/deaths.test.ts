import { expect, test } from '@jest/globals';
import { DEATHS, PLACE_IN_WORDS, PLACES, rightEndings } from '../../deaths/death.ts';
import { cellsAt, columns, endingInWords } from '../../deaths/table.ts';
import { read } from './pages.ts';

test.each(PLACES)('the table of deaths has the correct result for each death: %s', (place) => {
  const cells = cellsAt(read('docs/reliability.md'), PLACE_IN_WORDS[place]);
  expect(cells).toHaveLength(columns().length);
  for (const [index, column] of columns().entries()) {
    const death = DEATHS.find(
      ({ signal, after, ...other }) =>
        other.place === place && signal === column.signal && after === column.after,
    )!;
    expect(rightEndings(death).map(endingInWords)).toContain(cells![index]);
  }
});

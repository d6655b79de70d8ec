import type { Verdict } from '../judge/verdict.ts';

/** JSON has no Infinity and would write null: an e-value may be infinite. */
const finite = (_key: string, value: unknown): unknown => (value === Infinity ? 1e308 : value);

/** The verdict as JSON, a line for each period of evidence. */
export function verdictAsJson({ evidence, ...verdict }: Verdict): string {
  const head = JSON.stringify(verdict, finite, 2).replace(/\n}$/, '');
  const rows = evidence.map((row) => `\n    ${JSON.stringify(row, finite)}`);
  return `${head},\n  "evidence": [${rows.join(',')}${rows.length > 0 ? '\n  ' : ''}]\n}`;
}

export const asJson = (value: object): string => JSON.stringify(value, finite, 2);

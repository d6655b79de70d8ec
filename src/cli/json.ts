import type { Verdict } from '../judge/verdict.ts';

/** The verdict as JSON, with one line for each period of evidence. */
export function verdictAsJson({ evidence, ...verdict }: Verdict): string {
  const head = asJson(verdict).replace(/\n}$/, '');
  const rows = evidence.map((row) => `\n    ${JSON.stringify(row)}`);
  return `${head},\n  "evidence": [${rows.join(',')}${rows.length > 0 ? '\n  ' : ''}]\n}`;
}

export const asJson = (value: object): string => JSON.stringify(value, null, 2);

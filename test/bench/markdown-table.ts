/** A Markdown table. The first row is its head; all columns but the first are numbers. Pure. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return ['<!-- prettier-ignore -->', line(head), line(rule), ...rows.map(line)].join('\n');
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

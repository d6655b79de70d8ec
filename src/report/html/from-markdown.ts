import type { Markdown } from '../markdown.ts';

/**
 * Converts the Markdown of src/report/markdown.ts to HTML, and no other Markdown: headings,
 * paragraphs, tables, lists, alerts, fences, bold, links, and the few tags that the report uses.
 * Other tags are escaped. `chart` renders a Mermaid chart by its index.
 */
export function fromMarkdown(markdown: Markdown, chart: (index: number) => string): string {
  const lines = markdown.split('\n');
  const html: string[] = [];
  let charts = 0;
  let at = 0;
  /** Returns the next lines that match, and moves past them. */
  const taken = (isAlike: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && isAlike(lines[at]!)) at++;
    return lines.slice(from, at);
  };

  while (at < lines.length) {
    const line = lines[at]!;
    const [, fence, language] = /^(`{3,})(\w*)$/u.exec(line) ?? [];
    const [, level, heading] = /^(#{2,3}) (.*)$/u.exec(line) ?? [];
    if (line === '') at++;
    else if (fence !== undefined) {
      at++;
      const content = taken((each) => each !== fence);
      at++;
      html.push(language === 'mermaid' ? chart(charts++) : `<pre>${escapedHtml(content.join('\n'))}\n</pre>`);
    } else if (level !== undefined) {
      at++;
      html.push(`<h${level.length}>${inline(heading ?? '')}</h${level.length}>`);
    } else if (line.startsWith('| ')) html.push(table(taken((each) => each.startsWith('| '))));
    else if (line.startsWith('- ')) html.push(list(taken((each) => each.startsWith('- '))));
    else if (line.startsWith('> ')) html.push(box(taken((each) => each.startsWith('> '))));
    else if (/^<\/?details>/u.test(line)) html.push(inline(lines[at++]!));
    else html.push(`<p>${inline(taken((each) => each !== '' && !each.startsWith('```')).join('\n'))}</p>`);
  }
  return html.join('\n');
}

/** Uses attributes instead of styles, which published pages may block. */
function table([head = '', rule = '', ...rows]: readonly string[]): string {
  const sides = cells(rule).map((cell) => (cell.endsWith(':') ? ' align="right"' : ' align="left"'));
  const row = (line: string, tag: 'th' | 'td') =>
    `<tr>${cells(line)
      .map((cell, column) => `<${tag}${sides[column] ?? ''}>${inline(cell)}</${tag}>`)
      .join('')}</tr>`;
  return [
    '<table border="1" cellpadding="6" cellspacing="0">',
    `<thead>${row(head, 'th')}</thead>`,
    `<tbody>${rows.map((line) => row(line, 'td')).join('\n')}</tbody>`,
    '</table>',
  ].join('\n');
}

/** A `|` within a cell is written as a numeric reference. */
function cells(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${inline(item.slice(2))}</li>`).join('')}</ul>`;
}

/** The first line contains the kind of the alert. */
function box([, ...lines]: readonly string[]): string {
  return `<blockquote>${inline(lines.map((line) => line.slice(2)).join('\n'))}</blockquote>`;
}

const PARTS =
  /(?<tag><\/?(?:code|b|i|sub|br|wbr|details|summary)>)|(?<reference>&(?:#\d+|nbsp);)|\*\*(?<bold>.+?)\*\*|\[(?<words>[^[\]]*)\]\((?<address>https?:[^()\s]*)\)|(?<other>[^])/gu;

function inline(markdown: Markdown): string {
  return markdown.replaceAll(PARTS, (...inspected) => {
    const { tag, reference, bold, words, address, other }: Record<string, string | undefined> =
      inspected.at(-1);
    if (bold !== undefined) return `<b>${inline(bold)}</b>`;
    if (address !== undefined)
      return `<a href="${escapedHtml(address)}" rel="noreferrer">${inline(words ?? '')}</a>`;
    return tag ?? reference ?? escapedHtml(other ?? '');
  });
}

export function escapedHtml(text: string): string {
  return text.replaceAll(/[&<>"]/gu, (sign) => `&#${sign.charCodeAt(0)};`);
}

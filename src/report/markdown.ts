import { cut, plainLines, plainText } from '../core/plain-text.ts';

/**
 * Building blocks of GitHub's Markdown. Text that is not ours goes through `escaped`, `code`, `link` or `fenced`, and can then
 * neither leave its table cell nor become a heading, a tag, a link or a mention.
 */
export type Markdown = string;

/**
 * Foreign text on one line, safe anywhere in a line: in a table, in HTML, in a link. Characters that mean something are written as
 * numeric references, which Markdown shows and never reads as structure.
 */
export function escaped(text: string, limit = 300): Markdown {
  return plainText(text, limit)
    .replaceAll(/[\\`*_~[\]<>|&#!$]|:(?=\/\/)|\.(?=\w)(?<=www\.)/giu, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll(/(?<!\w)@(?=\w)/gu, `@${WORD_JOINER}`)
    .replaceAll(/(?<=&#35;|\bGH-)(?=\d)/giu, WORD_JOINER);
}

/** Between the at sign and a name, a number sign and a number: no mention, no reference, and nobody is notified. */
const WORD_JOINER = '\u2060';

/** Names, ARNs, paths. In <code> GitHub links no mentions and addresses. */
export function code(text: string, limit = 300): Markdown {
  const parts = plainText(text, limit).match(BREAKABLE) ?? [];
  return `<code>${parts.map((part) => escaped(part).replaceAll(WORD_JOINER, '')).join('<wbr>')}</code>`;
}

/** Where a long name may be broken to fit its column: after signs that separate its parts, and within what has none. */
const BREAKABLE = /[^/@:,]{1,24}[/@:,]*|[/@:,]+/gu;

/** `text` is Markdown already; the address is dropped unless it is one of the web. */
export function link(text: Markdown, address: string | null): Markdown {
  if (address === null || !URL.canParse(address)) return text;
  const { protocol, href } = new URL(address);
  if ((protocol !== 'https:' && protocol !== 'http:') || href.length > LONGEST_ADDRESS) return text;
  return `[${text}](${href.replaceAll(/[()<>\\|`]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;
}

const LONGEST_ADDRESS = 2_000;

/** Columns are left-aligned, but those whose title ends in a colon. */
export function table(header: readonly Markdown[], rows: readonly (readonly Markdown[])[]): Markdown {
  const line = (cells: readonly Markdown[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((title) => (title.endsWith(':') ? '--:' : ':--'));
  return [line(header.map((title) => title.replace(/:$/u, ''))), line(rule), ...rows.map(line)].join('\n');
}

/** Foreign lines as they are, in a block that they cannot close. */
export function fenced(lines: readonly string[], language = 'text'): Markdown {
  const text = lines.map(asFenced).join('\n');
  const longest = (text.match(/`+/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence].join('\n');
}

/** A foreign line as it stands in such a block; one with line breaks in it takes several. */
export function asFenced(line: string): string {
  return plainLines(line)
    .map((part) => cut(part))
    .join('\n');
}

export function folded(title: Markdown, content: Markdown): Markdown {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** GitHub's coloured box. */
export function alert(kind: 'CAUTION', content: Markdown): Markdown {
  return [`> [!${kind}]`, ...content.split('\n').map((line) => `> ${line}`)].join('\n');
}

export function bytes(markdown: Markdown): number {
  return Buffer.byteLength(markdown);
}

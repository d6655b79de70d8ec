import { cut, plainLines, plainText } from '../core/plain-text.ts';

/**
 * Building blocks of GitHub's Markdown. Foreign text must go through `escaped`, `code`, `link` or
 * `fenced`: then it cannot leave its table cell or become a heading, a tag, a link or a mention.
 */
export type Markdown = string;

/**
 * Foreign text on one line, safe in a table, in HTML and in a link. Special characters become
 * numeric references, which Markdown does not interpret.
 */
export function escaped(text: string, limit = 300): Markdown {
  return withCharacterReferences(plainText(text, limit))
    .replaceAll(/@(?=\w)/gu, `@${WORD_JOINER}`)
    .replaceAll(/(?<=&#35;|\bGH-)(?=\d)/giu, WORD_JOINER)
    .replaceAll(COMMIT, (hash) => hash.replaceAll(/.{6}(?=.)/gu, '$&<wbr>'));
}

/** Inserted after `@` and `#` to prevent mentions, mail addresses as links, and references. */
const WORD_JOINER = '\u2060';

/**
 * GitHub links the hash of a commit from its seventh digit. Split by a tag, it can still be copied.
 * Not `commit 0a1b2c3`, as our own messages name commits: such a link says where it leads.
 */
const COMMIT =
  /(?<![\p{L}\p{N}])(?!(?<=\bcommit )[0-9a-f]{7}(?![\p{L}\p{N}]))(?=\d*[a-f])[0-9a-f]{7,40}(?![\p{L}\p{N}])/giu;

function withCharacterReferences(text: string): Markdown {
  return text.replaceAll(
    /[\\`*_~[\]<>|&#!$]|:(?=\/\/)|\.(?=\w)(?<=www\.)/giu,
    (sign) => `&#${sign.charCodeAt(0)};`,
  );
}

/** For names, ARNs and paths. GitHub does not link mentions, URLs and commits within <code>. */
export function code(text: string, limit = 300): Markdown {
  const parts = plainText(text, limit).match(BREAKABLE) ?? [];
  return `<code>${parts.map(withCharacterReferences).join('<wbr>')}</code>`;
}

/** Where a long name may wrap: after separators, and after 24 characters without one. */
const BREAKABLE = /[^/@:,]{1,24}[/@:,]*|[/@:,]+/gu;

/** `text` is Markdown. Returns `text` alone if the address is not an HTTP URL. */
export function link(text: Markdown, address: string | null): Markdown {
  if (address === null || !URL.canParse(address)) return text;
  const { protocol, href } = new URL(address);
  if ((protocol !== 'https:' && protocol !== 'http:') || href.length > LONGEST_ADDRESS) return text;
  return `[${text}](${href.replaceAll(/[()<>\\|`]/gu, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`;
}

const LONGEST_ADDRESS = 2_000;

/** Columns are left-aligned, or right-aligned if their title ends with a colon. */
export function table(header: readonly Markdown[], rows: readonly (readonly Markdown[])[]): Markdown {
  const line = (cells: readonly Markdown[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((title) => (title.endsWith(':') ? '--:' : ':--'));
  return [line(header.map((title) => title.replace(/:$/u, ''))), line(rule), ...rows.map(line)].join('\n');
}

/** Foreign lines in a fenced block that they cannot close. */
export function fenced(lines: readonly string[], language = 'text'): Markdown {
  const text = lines.map(asFenced).join('\n');
  const longest = (text.match(/`+/gu) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text, fence].join('\n');
}

/** A foreign line in a fenced block; line breaks in it become several lines. */
export function asFenced(line: string): string {
  return plainLines(line)
    .map((part) => cut(part))
    .join('\n');
}

export function folded(title: Markdown, content: Markdown): Markdown {
  return `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;
}

/** A GitHub alert. */
export function alert(kind: 'CAUTION', content: Markdown): Markdown {
  return [`> [!${kind}]`, ...content.split('\n').map((line) => `> ${line}`)].join('\n');
}

export function bytes(markdown: Markdown): number {
  return Buffer.byteLength(markdown);
}

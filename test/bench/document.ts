import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes `text` between the markers of a Markdown file that name `script`, the npm script that writes
 * it. The markers must exist.
 */
export function writeBetweenMarkers(file: URL, script: string, text: string): void {
  const begin = `<!-- <bench> Written by npm run ${script}. -->`;
  const end = '<!-- </bench> -->';
  const document = readFileSync(file, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from === -1 || to < from)
    throw new Error(`${file.pathname} has no lines "${begin}" and "${end}" to write between.`);
  writeFileSync(file, `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`);
}

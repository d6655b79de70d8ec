import { readFileSync, writeFileSync } from 'node:fs';

const BEGIN = '<!-- <bench> Written by npm run bench:judge. -->';
const END = '<!-- </bench> -->';

/** Writes `text` between the markers of a Markdown file. The markers must exist. */
export function writeBetweenMarkers(file: URL, text: string): void {
  const document = readFileSync(file, 'utf8');
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin === -1 || end < begin)
    throw new Error(`${file.pathname} has no lines "${BEGIN}" and "${END}" to write between.`);
  writeFileSync(file, `${document.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${document.slice(end)}`);
}

import { type Parsed, shown, wrong } from './input-type.ts';

/** Characters with a meaning in a shell. In quotes they are literal. */
const OF_A_SHELL = /[|&;<>()$`\\*?#~]/;

/**
 * Splits a command line into a program and its arguments: words separated by blanks, with "double"
 * or 'single' quotes and without escapes. No shell runs the command, so unquoted shell characters
 * are a mistake.
 */
export function argumentsOf(text: string): Parsed<readonly string[]> {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [word = ''] = /^(?:"[^"]*"|'[^']*'|[^\s"'])+/.exec(rest) ?? [];
    if (word === '' || /^["']/.test(rest.slice(word.length))) {
      return wrong(
        `${shown(rest)} has a quote that is not closed`,
        'close the quote, or use the other kind of quotes around the word',
      );
    }
    const bare = word.replaceAll(/"[^"]*"|'[^']*'/g, '');
    const [special] = OF_A_SHELL.exec(bare) ?? [];
    if (special !== undefined) {
      return wrong(
        `${shown(word)} contains ${special}, but no shell runs the command`,
        'put the word in quotes if it is literal; otherwise write a script and name it here',
      );
    }
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
    rest = rest.slice(word.length).trimStart();
  }
  return { value: words };
}

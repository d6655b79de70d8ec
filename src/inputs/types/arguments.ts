import { type Parsed, shown, wrong } from './input-type.ts';

/** Characters that only a shell would do something with; in quotes they are themselves. */
const OF_A_SHELL = /[|&;<>()$`\\*?#~]/;

/**
 * A command line as a program and its arguments: words between blanks, and in "double" or 'single' quotes whatever is there, without
 * escapes. No shell runs it, so what would need one is a mistake unless it is quoted.
 */
export function argumentsOf(text: string): Parsed<readonly string[]> {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [word = ''] = /^(?:"[^"]*"|'[^']*'|[^\s"'])+/.exec(rest) ?? [];
    if (word === '' || /^["']/.test(rest.slice(word.length))) {
      return wrong(
        `${shown(rest)} has a quote that is not closed`,
        'close it, or put the other kind of quotes around it',
      );
    }
    const bare = word.replaceAll(/"[^"]*"|'[^']*'/g, '');
    const [special] = OF_A_SHELL.exec(bare) ?? [];
    if (special !== undefined) {
      return wrong(
        `${shown(word)} has ${special} in it, and no shell runs the command`,
        'put the word in quotes if it is meant as it stands; otherwise write a script and name it here',
      );
    }
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
    rest = rest.slice(word.length).trimStart();
  }
  return { value: words };
}

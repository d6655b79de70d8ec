// Finds the workflow commands that GitHub's runner would read in a step's output.
/**
 * Lines end at CR, LF or both. `::name::` is a command after leading blanks, the older `##[name]`
 * anywhere in a line.
 */
export function runnerCommands(printed: string): { readonly name: string; readonly data: string }[] {
  return printed.split(/\r\n|\n|\r/).flatMap((line) => {
    const [, name = '', data = ''] =
      /^[\s\u0085]*::(.*?)::(.*)$/su.exec(line) ?? /##\[(.*?)\](.*)$/su.exec(line) ?? [];
    return name === '' ? [] : [{ name: name.split(' ')[0] ?? '', data }];
  });
}

/**
 * What GitHub's runner takes for commands in what a step prints: lines end at CR, LF or both; `::name::` counts after blanks, and
 * the older `##[name]` anywhere in a line.
 */
export function runnerCommands(printed: string): { readonly name: string; readonly data: string }[] {
  return printed.split(/\r\n|\n|\r/).flatMap((line) => {
    const [, name = '', data = ''] =
      /^[\s\u0085]*::(.*?)::(.*)$/su.exec(line) ?? /##\[(.*?)\](.*)$/su.exec(line) ?? [];
    return name === '' ? [] : [{ name: name.split(' ')[0] ?? '', data }];
  });
}

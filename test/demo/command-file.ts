/**
 * Reads what an action wrote to GITHUB_OUTPUT, GITHUB_STATE or GITHUB_ENV: lines `name=value`, or a
 * value of several lines as `name<<DELIMITER`, the lines, `DELIMITER`. Throws on anything else, as
 * the runner does.
 */
export function readCommandFile(content: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = content.split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line === '') continue;
    const [, name, mark, rest] = /^(.+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined)
      throw new Error(`Neither name=value nor name<<DELIMITER: ${line}`);
    if (mark === '=') {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1) throw new Error(`The value of ${name} has no closing line ${rest}.`);
    values[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return values;
}

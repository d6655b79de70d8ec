/** One line of an action's output, as the runner reads it. */
export type Line =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'command';
      /** For example `error`, `group` or `add-mask`. */
      readonly name: string;
      readonly properties: Readonly<Record<string, string>>;
      readonly data: string;
    };

const COMMAND = /^::([a-z][a-z-]*)(?: ([^:]*))?::(.*)$/s;

/** Reads `::error file=Dockerfile,line=3::no such file`. Anything else is text. */
export function readLine(line: string): Line {
  const match = COMMAND.exec(line);
  if (!match) return { kind: 'text', text: line };
  const [, name = '', properties = '', data = ''] = match;
  return {
    kind: 'command',
    name,
    properties: Object.fromEntries(properties.split(',').filter(Boolean).map(readProperty)),
    data: unescape(data),
  };
}

function readProperty(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  if (equals === -1) return [pair.trim(), ''];
  const value = pair
    .slice(equals + 1)
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',');
  return [pair.slice(0, equals).trim(), unescape(value)];
}

function unescape(data: string): string {
  return data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

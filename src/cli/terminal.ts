import type { WriteStream } from 'node:tty';

/** A terminal with cursor control. */
export interface Terminal {
  /** Current width in cells. */
  readonly columns: number;
  readonly rows: number;
  /** False if the terminal supports only ASCII. */
  readonly utf8: boolean;
  write(text: string): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The terminal, or `null` if only lines can be printed: the stream is a file, a pipe or a terminal
 * without cursor control, or NO_COLOR or CI is set.
 */
export function terminalOf(
  stream: Pick<WriteStream, 'write' | 'columns' | 'rows'> & { readonly isTTY?: boolean },
  env: Environment,
  platform: string = process.platform,
): Terminal | null {
  const wantsLines = ['NO_COLOR', 'CI'].some((name) => isSet(env[name]));
  if (!stream.isTTY || wantsLines || env['TERM'] === 'dumb') return null;
  return {
    // A terminal that does not know its size says 0.
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    utf8: platform === 'win32' || /utf-?8/i.test(charset(env)),
    write: (text) => void stream.write(text),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}

/** The first variable that is set decides, as in POSIX. */
function charset(env: Environment): string {
  return [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value) ?? '';
}

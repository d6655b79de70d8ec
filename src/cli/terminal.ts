import type { WriteStream } from 'node:tty';

/** A terminal that can be drawn on. */
export interface Terminal {
  /** In cells, as they are now. */
  readonly columns: number;
  readonly rows: number;
  /** False: it knows no more than ASCII. */
  readonly utf8: boolean;
  write(text: string): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Null: lines are all that can be printed, because it is a file, a pipe, a CI's log or a terminal that cannot move its cursor, or
 * because somebody wants no more.
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

/** The first that is set counts, as in every program that asks for the locale. */
function charset(env: Environment): string {
  return [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value) ?? '';
}

import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { InvalidTaskDefinition } from './invalid.ts';
import { errorText } from '../failure.ts';

/** ECS allows 64 KiB. A formatted file may be longer. */
const MOST_BYTES = 640 * 1024;

/**
 * Reads the text of a task definition file, without a byte order mark. Throws
 * InvalidTaskDefinition. Never waits for a pipe.
 */
export function readTaskDefinitionText(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidTaskDefinition('it is not text in UTF-8', 'save it as UTF-8');
  }
}

function readBytes(path: string): Buffer {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const why = errorText(error);
    throw new InvalidTaskDefinition(`it cannot be read (${why})`, 'make it readable for this job');
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new InvalidTaskDefinition('it is not a file', 'give the path of a file');
    if (stats.size > MOST_BYTES) {
      throw new InvalidTaskDefinition(
        `it has ${stats.size} bytes, and ECS takes 64 KiB`,
        'give only the task definition',
      );
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

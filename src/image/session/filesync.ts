import { contentOf } from '../context/content.ts';
import { selectEntries } from '../context/select.ts';
import { GrpcError, grpcStatus, type Call, type Method } from './grpc.ts';
import { encodeMessage, Message } from './protobuf.ts';
import type { ContextEntry } from '../context/entry.ts';
import { errorText } from '../../core/failure.ts';

/**
 * moby.filesync.v1.FileSync/DiffCopy: the engine receives the metadata of every file of a
 * directory, compares it with the last build, and requests only the content that changed.
 *
 *   us      STAT STAT STAT ... STAT(empty)   DATA(id) ... DATA(id, empty)   ...        FIN
 *   engine            REQ(id) REQ(id) ...                                      FIN
 *
 * The id of a file is its position among the STATs, from 0.
 *
 * `directories`: the engine's name of a directory to its absolute path. `failed` is called for
 * files that cannot be read, because the engine's own error does not name the cause.
 */
export function fileSyncMethod(
  directories: ReadonlyMap<string, string>,
  failed: (problem: Error) => void,
): Method {
  return async (call) => {
    const name = metadata(call, 'dir-name')[0] ?? '';
    const root = directories.get(name);
    if (root === undefined)
      throw new GrpcError(grpcStatus.notFound, `This build has no directory "${name}".`);
    await new DirectorySender(call, root, failed).run();
  };
}

const STAT = 0;
const REQUEST = 1;
const DATA = 2;
const FINISH = 3;
const PROBLEM = 4;

class DirectorySender {
  readonly #call: Call;
  readonly #root: string;
  readonly #entries: ContextEntry[] = [];
  readonly #wanted: number[] = [];
  #isSending = false;
  readonly #failed: (problem: Error) => void;

  constructor(call: Call, root: string, failed: (problem: Error) => void) {
    this.#call = call;
    this.#root = root;
    this.#failed = failed;
  }

  async run(): Promise<void> {
    const walked = this.#sendEntries().catch((error: unknown) => this.#fail(error));
    for await (const bytes of this.#call.messages) {
      const packet = new Message(bytes);
      const kind = packet.number(1);
      if (kind === PROBLEM) throw new Error(`The engine could not receive the files: ${packet.string(4)}`);
      if (kind === FINISH) {
        await this.#call.send(encodeMessage([[1, FINISH]]));
        break;
      }
      if (kind === REQUEST) {
        this.#wanted.push(packet.number(3));
        this.#sendWanted().catch((error: unknown) => this.#fail(error));
      }
    }
    await walked;
  }

  async #sendEntries(): Promise<void> {
    const selection = {
      root: this.#root,
      exclude: metadata(this.#call, 'exclude-patterns'),
      include: metadata(this.#call, 'include-patterns'),
      follow: metadata(this.#call, 'followpaths'),
    };
    for await (const entry of selectEntries(selection)) {
      this.#entries.push(entry);
      await this.#call.send(
        encodeMessage([
          [1, STAT],
          [2, encodeStat(entry)],
        ]),
      );
    }
    // A STAT packet without a stat ends the list. It is empty, because STAT is the zero value.
    await this.#call.send(encodeMessage([[1, STAT]]));
  }

  /** In the order of the requests. */
  async #sendWanted(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let id = this.#wanted.shift(); id !== undefined; id = this.#wanted.shift()) await this.#sendFile(id);
    this.#isSending = false;
  }

  async #sendFile(id: number): Promise<void> {
    const entry = this.#entries[id];
    if (!entry)
      throw new Error(`The engine requested file ${id}, which is not in the list that it received.`);
    // A packet contains a copy of the part.
    if (entry.readable) for (const part of contentOf(this.#root, entry)) await this.#sendData(id, part);
    await this.#sendData(id, null);
  }

  /** `null`: the end of the file. */
  #sendData(id: number, part: Buffer | null): Promise<void> {
    return this.#call.send(
      encodeMessage([
        [1, DATA],
        [3, id],
        [4, part],
      ]),
    );
  }

  /** Reports the problem to the engine, which then ends the call. */
  async #fail(reason: unknown): Promise<void> {
    if (this.#call.closed()) return;
    const problem = new Error(errorText(reason), { cause: reason });
    this.#failed(problem);
    const packet = encodeMessage([
      [1, PROBLEM],
      [4, problem.message],
    ]);
    // If this fails, the call has ended, and `run` notices that from the messages.
    await this.#call.send(packet).catch(() => undefined);
  }
}

/** Owner and group stay root, so that the image does not depend on who checked out the code. */
function encodeStat(entry: ContextEntry): Buffer {
  return encodeMessage([
    [1, entry.path],
    [2, entry.mode],
    [5, entry.size],
    [6, entry.modified],
    [7, entry.link],
    [8, entry.device?.major ?? null],
    [9, entry.device?.minor ?? null],
  ]);
}

/** The engine escapes values that are not ASCII, and marks that with a second key. */
function metadata(call: Call, key: string): string[] {
  const values = call.metadata(key);
  const encoded = call.metadata(`${key}-encoded`)[0] === '1';
  return encoded ? values.map(unescaped) : values;
}

/** Not decodeURIComponent, which throws when the bytes are not UTF-8. */
function unescaped(value: string): string {
  const bytes = value
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

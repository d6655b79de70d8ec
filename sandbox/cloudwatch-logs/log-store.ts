import type { Clock } from '../../src/core/time/clock.ts';
import { AwsError } from '../wire/service.ts';

export interface LogGroup {
  readonly name: string;
  readonly created: number;
  readonly streams: Map<string, LogStream>;
  retentionInDays: number | null;
  tags: Readonly<Record<string, string>>;
}

export interface LogStream {
  readonly name: string;
  readonly created: number;
  /** The newest `MOST_KEPT` events in the order of arrival. */
  readonly events: LogEvent[];
  /** The number of all events so far. */
  ingested: number;
}

export interface LogEvent {
  readonly at: number;
  readonly message: string;
  readonly ingested: number;
  /** Position in the stream, counted from its start. */
  readonly number: number;
}

/** Limits the memory for the output of a container. */
const MOST_KEPT = 20_000;

export interface LogStore {
  groups(): LogGroup[];
  /** @throws AwsError ResourceNotFoundException */
  group(name: string): LogGroup;
  /** @throws AwsError ResourceNotFoundException */
  stream(group: string, name: string): LogStream;
  /** Creates a missing group or stream. */
  streamMade(group: string, name: string): LogStream;
  /** @throws AwsError ResourceAlreadyExistsException */
  createGroup(name: string): LogGroup;
  deleteGroup(name: string): void;
  /** @throws AwsError ResourceAlreadyExistsException */
  createStream(group: string, name: string): LogStream;
  append(stream: LogStream, event: { readonly at: number; readonly message: string }): void;
}

export function createLogStore(clock: Clock): LogStore {
  const groups = new Map<string, LogGroup>();

  const store: LogStore = {
    groups: () => [...groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),

    group(name) {
      const group = groups.get(name);
      if (group) return group;
      throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    },

    stream(group, name) {
      const stream = store.group(group).streams.get(name);
      if (stream) return stream;
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    },

    streamMade(group, name) {
      const { streams } = groups.get(group) ?? store.createGroup(group);
      return streams.get(name) ?? store.createStream(group, name);
    },

    createGroup(name) {
      if (groups.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      const group: LogGroup = {
        name,
        created: clock.now(),
        streams: new Map(),
        retentionInDays: null,
        tags: {},
      };
      groups.set(name, group);
      return group;
    },

    deleteGroup(name) {
      groups.delete(store.group(name).name);
    },

    createStream(group, name) {
      const { streams } = store.group(group);
      if (streams.has(name)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      const stream: LogStream = { name, created: clock.now(), events: [], ingested: 0 };
      streams.set(name, stream);
      return stream;
    },

    append(stream, { at, message }) {
      stream.events.push({ at, message, ingested: clock.now(), number: stream.ingested });
      stream.ingested++;
      if (stream.events.length > MOST_KEPT * 1.1) stream.events.splice(0, stream.events.length - MOST_KEPT);
    },
  };
  return store;
}

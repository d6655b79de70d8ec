import { Message } from './session/protobuf.ts';

/** A message of `moby.buildkit.trace`: the changes of a build since the last message. */
export interface BuildTrace {
  readonly vertexes: readonly Vertex[];
  readonly statuses: readonly VertexStatus[];
  readonly logs: readonly VertexLog[];
}

/** A step of the build. Each message about it repeats the previous data. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly completed: number | null;
  /** Empty when the step has not failed. */
  readonly error: string;
}

/** Progress of a step: bytes of the context sent, or of a layer pulled. */
export interface VertexStatus {
  readonly vertex: string;
  readonly id: string;
  readonly current: number;
  readonly total: number;
}

export interface VertexLog {
  readonly vertex: string;
  readonly text: Buffer;
}

/**
 * Returns an empty trace for a message that cannot be decoded: it is only for the log, and the
 * build continues.
 */
export function decodeTrace(bytes: Buffer): BuildTrace {
  try {
    return decode(new Message(bytes));
  } catch {
    return { vertexes: [], statuses: [], logs: [] };
  }
}

function decode(trace: Message): BuildTrace {
  return {
    vertexes: trace.messages(1).map((vertex) => ({
      digest: vertex.string(1),
      name: vertex.string(3),
      cached: vertex.number(4) === 1,
      started: time(vertex.message(5)),
      completed: time(vertex.message(6)),
      error: vertex.string(7),
    })),
    statuses: trace.messages(2).map((status) => ({
      id: status.string(1),
      vertex: status.string(2),
      current: status.number(4),
      total: status.number(5),
    })),
    logs: trace.messages(3).map((log) => ({ vertex: log.string(1), text: log.bytes(4) })),
  };
}

/** google.protobuf.Timestamp: seconds and nanoseconds. */
function time(timestamp: Message | null): number | null {
  return timestamp && timestamp.number(1) * 1000 + Math.round(timestamp.number(2) / 1e6);
}

import { StringDecoder } from 'node:string_decoder';
import type { BuildStep } from '../core/trail/event.ts';
import type { BuildTrace, Vertex } from './trace.ts';

/**
 * The log of a build: a line when a step starts, for each line that it prints, and when it ends.
 */
export class BuildLog {
  readonly #say: (line: string) => void;
  readonly #redact: (text: string) => string;
  readonly #steps = new Map<string, Step>();

  /** `redact` removes secrets from names, errors and output before they are stored or printed. */
  constructor({
    say,
    redact,
  }: {
    readonly say: (line: string) => void;
    readonly redact: (text: string) => string;
  }) {
    this.#say = say;
    this.#redact = redact;
  }

  add(trace: BuildTrace): void {
    for (const vertex of trace.vertexes) this.#tell(vertex);
    for (const { vertex, id, current, total } of trace.statuses) {
      const step = this.#steps.get(vertex);
      if (step) step.progress = describeProgress(id, current, total);
    }
    for (const { vertex, text } of trace.logs) this.#print(this.#steps.get(vertex), text);
  }

  /** The Dockerfile's steps, without BuildKit's internal steps. */
  steps(): BuildStep[] {
    return [...this.#steps.values()]
      .filter(({ vertex }) => isOfDockerfile(vertex))
      .map(({ vertex }) => ({ name: vertex.name, took: duration(vertex), cached: vertex.cached }));
  }

  /** Describes the running steps, for times without other output. */
  running(now: number): string {
    const running = [...this.#steps.values()].filter(({ vertex }) => vertex.completed === null);
    if (running.length === 0) return 'Waiting for the Docker engine to continue the build.';
    const each = running.map(({ number, vertex, progress }) => {
      const since = durationText(now - (vertex.started ?? now));
      return `#${number} ${vertex.name} for ${since}${progress && ` (${progress})`}`;
    });
    return `Still running: ${each.join('; ')}.`;
  }

  /** The step that the engine's redacted error message names; `null` when no step failed. */
  failed(message: string): FailedStep | null {
    const culprit = [...this.#steps.values()].find(
      ({ vertex }) => vertex.error !== '' && message.includes(vertex.error),
    );
    return culprit
      ? { name: culprit.vertex.name, error: culprit.vertex.error, lastLines: culprit.lines }
      : null;
  }

  #tell(told: Vertex): void {
    const vertex = { ...told, name: this.#redact(told.name), error: this.#redact(told.error) };
    const known = this.#steps.get(vertex.digest);
    // BuildKit announces all steps at the start; a step gets its number when it runs.
    if (vertex.started === null && !known) return;
    const step = known ?? newStep(this.#steps.size + 1, vertex);
    step.vertex = vertex;
    this.#steps.set(vertex.digest, step);
    if (!known) this.#say(`#${step.number} ${vertex.name}`);
    if (vertex.completed === null) return;
    const end = describeEnd(vertex);
    // BuildKit repeats messages.
    if (end === step.end) return;
    this.#endLine(step);
    this.#say(`#${step.number} ${end}`);
    step.end = end;
  }

  #print(step: Step | undefined, text: Buffer): void {
    if (!step) return;
    const lines = (step.rest + step.decoder.write(text)).split('\n');
    step.rest = lines.pop() ?? '';
    for (const line of lines) this.#line(step, line);
    if (step.rest.length > LONGEST_LINE) this.#endLine(step);
  }

  #endLine(step: Step): void {
    if (step.rest !== '') this.#line(step, step.rest);
    step.rest = '';
  }

  #line(step: Step, text: string): void {
    // A progress bar rewrites its line: only the last text counts.
    const line = this.#redact(text.replace(/\r$/, '').split('\r').at(-1) ?? '');
    step.lines.push(line);
    if (step.lines.length > LAST_LINES) step.lines.shift();
    this.#say(`#${step.number} ${line}`);
  }
}

export interface FailedStep {
  /** BuildKit's name: `[build 2/5] RUN npm ci`. */
  readonly name: string;
  readonly error: string;
  /** The last lines of its output. */
  readonly lastLines: readonly string[];
}

const LAST_LINES = 20;
/** Longer lines are printed in parts. */
const LONGEST_LINE = 64 * 1024;

interface Step {
  readonly number: number;
  vertex: Vertex;
  readonly lines: string[];
  /** The start of an incomplete line. */
  rest: string;
  readonly decoder: StringDecoder;
  progress: string;
  /** The last printed text about its end; `null` while it runs. */
  end: string | null;
}

function newStep(number: number, vertex: Vertex): Step {
  return { number, vertex, lines: [], rest: '', decoder: new StringDecoder(), progress: '', end: null };
}

function isOfDockerfile({ name }: Vertex): boolean {
  return /^\[(.* )? *\d+\/\d+\] /.test(name);
}

function describeEnd(vertex: Vertex): string {
  if (vertex.error !== '') return `ERROR ${vertex.error}`;
  return vertex.cached ? 'CACHED' : `done in ${durationText(duration(vertex))}`;
}

function duration({ started, completed }: Vertex): number {
  return started === null || completed === null ? 0 : Math.max(0, completed - started);
}

function describeProgress(id: string, current: number, total: number): string {
  if (current === 0) return id;
  return total > 0 ? `${id} ${megabytes(current)} of ${megabytes(total)}` : `${id} ${megabytes(current)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function durationText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../time/clock.ts';
import type { Event, NewEvent } from './event.ts';
import { errorText } from '../failure.ts';

/** Where a run tells what happens. Each event is in the file before `tell` returns, so a killed run leaves a whole trail. */
export interface Trail {
  readonly events: readonly Event[];
  /** Stamps the happening, writes it down and hands it to the subscribers. */
  tell(event: NewEvent): void;
  /** Hears every event told from now on, until the returned function is called. */
  subscribe(hear: (event: Event) => void): () => void;
}

export interface TrailOptions {
  readonly clock: Clock;
  /** JSON lines, one event each. Its directory is made where it is missing. Null: the trail is not kept. */
  readonly file: string | null;
}

/** Begins a new trail; one left in the file by an earlier run is replaced. Throws when the file cannot be written. */
export function createTrail(options: TrailOptions): Trail {
  const { file } = options;
  if (file !== null) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  return begin(options, [], () => {});
}

/** Carries on the trail that a run left behind, however it ended, also where nothing can be written any more. */
export function resumeTrail(options: TrailOptions & { readonly file: string }): Trail {
  const { file } = options;
  const events = readTrail(file);
  return begin(options, events, () => mend(file, events.at(-1) ?? null));
}

/** Reads a trail back. A torn last line, as a killed run may leave it, is left out; any other broken line is an error. */
export function readTrail(file: string): Event[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const torn = lines.pop(); // what follows the last line break: empty, or never finished
  const events = lines.map((line, index) => {
    const event = parseEvent(line);
    if (event === null)
      throw new Error(`${file}, line ${index + 1}, is no event: was the file edited by hand?`);
    return event;
  });
  const last = torn ? parseEvent(torn) : null;
  return last === null ? events : [...events, last];
}

/** What follows the last line break was never finished: it would spoil the next line. What is whole is never written again. */
function mend(file: string, last: Event | null): void {
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole === bytes.length) return;
  const isEvent = parseEvent(bytes.subarray(whole).toString()) !== null;
  truncateSync(file, whole);
  if (isEvent && last !== null) appendFileSync(file, line(last));
}

function begin({ clock, file }: TrailOptions, before: readonly Event[], makeReady: () => void): Trail {
  const unready = problemOf(makeReady);
  const events = [...before];
  const listeners = new Set<(event: Event) => void>();
  let writable = file !== null;

  const tell = (newEvent: NewEvent): void => {
    const event: Event = { ...newEvent, at: clock.now() };
    events.push(event);
    const problem =
      writable && file !== null ? (unready ?? problemOf(() => appendFileSync(file, line(event)))) : null;
    for (const hear of listeners) hear(event);
    if (problem === null) return;
    // A full disk must not end a rollout half-way: the run goes on and says that its record is incomplete.
    writable = false;
    tell({
      kind: 'notice',
      level: 'warning',
      message: `The event trail ${file} is incomplete from here on: ${problem}`,
    });
  };

  return {
    events,
    tell,
    subscribe(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
  };
}

function problemOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    return errorText(error);
  }
}

/** JSON has no Infinity and would write null; an e-value may be infinite. */
function line(event: Event): string {
  return `${JSON.stringify(event, (_key, value: unknown) => (value === Infinity ? 1e308 : value))}\n`;
}

function parseEvent(text: string): Event | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isEvent(value) ? value : null;
}

/** Trails are written by this program only, so the rest of an event is taken on trust. */
function isEvent(value: unknown): value is Event {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    'at' in value &&
    typeof value.at === 'number'
  );
}

import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../time/clock.ts';
import type { Event, NewEvent } from './event.ts';
import { errorText } from '../failure.ts';
import { maskedIn } from '../secrecy/masks.ts';
import { withoutSecrets } from '../secrecy/secret-text.ts';

/**
 * Where a run records its events, without secrets. Each event is in the file before `tell` returns,
 * so a run that is killed leaves a complete trail.
 */
export interface Trail {
  readonly events: readonly Event[];
  /** Adds the time to the event, writes it and passes it to the subscribers. */
  tell(event: NewEvent): void;
  /** Calls `hear` for every later event, until the returned function is called. */
  subscribe(hear: (event: Event) => void): () => void;
}

export interface TrailOptions {
  readonly clock: Clock;
  /**
   * JSON lines, one event each. A missing directory is created. `null` when the trail is not kept.
   */
  readonly file: string | null;
  /** Removes secrets from each text of an event. Default: what looks like a secret. */
  readonly masked?: (text: string) => string;
}

/**
 * Starts a new trail and replaces one of an earlier run in the file. Throws when the file cannot be
 * written.
 */
export function createTrail(options: TrailOptions): Trail {
  const { file } = options;
  if (file !== null) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
  }
  return begin(options, [], () => {});
}

/**
 * Continues the trail of an earlier run, however it ended, even if the file can no longer be
 * written.
 */
export function resumeTrail(options: TrailOptions & { readonly file: string }): Trail {
  const { file } = options;
  const events = readTrail(file);
  return begin(options, events, () => mend(file, events.at(-1) ?? null));
}

/**
 * Reads a trail. An incomplete last line, which a killed run may leave, is ignored. Any other
 * broken line is an error.
 */
export function readTrail(file: string): Event[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const torn = lines.pop(); // after the last line break: empty, or incomplete
  const events = lines.map((line, index) => {
    const event = parseEvent(line);
    if (event === null)
      throw new Error(`${file}, line ${index + 1}, is not an event: was the file edited by hand?`);
    return event;
  });
  const last = torn ? parseEvent(torn) : null;
  return last === null ? events : [...events, last];
}

/**
 * Removes an incomplete last line, which would corrupt the next one. A complete event without its
 * line break is kept.
 */
function mend(file: string, last: Event | null): void {
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf('\n') + 1;
  if (whole === bytes.length) return;
  const isEvent = parseEvent(bytes.subarray(whole).toString()) !== null;
  truncateSync(file, whole);
  if (isEvent && last !== null) appendFileSync(file, line(last));
}

function begin(
  { clock, file, masked = withoutSecrets }: TrailOptions,
  before: readonly Event[],
  makeReady: () => void,
): Trail {
  const unready = problemOf(makeReady);
  const events = [...before];
  const listeners = new Set<(event: Event) => void>();
  let writable = file !== null;

  const tell = (newEvent: NewEvent): void => {
    const event: Event = { ...maskedIn(newEvent, masked), at: clock.now() };
    events.push(event);
    const problem =
      writable && file !== null ? (unready ?? problemOf(() => appendFileSync(file, line(event)))) : null;
    for (const hear of listeners) hear(event);
    if (problem === null) return;
    // A full disk must not end a rollout: the run continues and reports that its trail is
    // incomplete.
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

/** JSON has no Infinity, and an e-value may be infinite. */
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

/** Only this program writes trails, so the other members are not checked. */
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

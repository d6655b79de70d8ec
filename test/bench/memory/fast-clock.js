/**
 * Loaded into a process before anything else (`node --import`): its clock and timers run
 * FAST_CLOCK_FACTOR times as fast from FAST_CLOCK_SINCE (milliseconds since 1970) on. JavaScript,
 * because Node's removal of types takes memory.
 */
const factor = Number(process.env.FAST_CLOCK_FACTOR);
const since = Number(process.env.FAST_CLOCK_SINCE);
const RealDate = Date;
const realTimeout = setTimeout;

const now = () => since + (RealDate.now() - since) * factor;

globalThis.Date = class extends RealDate {
  constructor(...values) {
    super(...(values.length === 0 ? [now()] : values));
  }

  static now() {
    return now();
  }
};

globalThis.setTimeout = Object.assign(
  (callback, delay = 0, ...values) => realTimeout(callback, delay / factor, ...values),
  realTimeout,
);

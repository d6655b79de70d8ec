import { Agent, get } from 'node:http';

/**
 * Sends `rate` requests per second over kept connections, also if answers are slow. No more requests
 * are open than it sends in half a second: on a busy machine it leaves requests out, and the rest is
 * still answered.
 */
export function startLoad(options: LoadOptions): Load {
  return new SteadyLoad(options);
}

export interface LoadOptions {
  /** One URL, or several that get the requests in turn. */
  readonly url: string | readonly string[];
  /** Requests per second. */
  readonly rate: number;
}

export interface Load {
  /** All requests so far. */
  count(): Count;
  /** Requests since the last call of `recent`. */
  recent(): Count;
  /** Stops sending and waits for open requests. */
  stop(): Promise<void>;
}

/**
 * `failed`: 5xx, or no answer within 10 s. `reasons`: failures by reason, for example `500` or
 * `ECONNRESET`. Latencies are in milliseconds.
 */
export interface Count {
  readonly total: number;
  readonly failed: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly median: number;
  readonly p99: number;
}

const TICK = 10;
const TIMEOUT = 10_000;

class SteadyLoad implements Load {
  readonly #urls: readonly string[];
  #turn = 0;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });
  readonly #timer: NodeJS.Timeout;
  readonly #all = new Tally();
  #recent = new Tally();
  #inFlight = 0;
  #drained: (() => void) | null = null;

  constructor({ url, rate }: LoadOptions) {
    this.#urls = [url].flat();
    const mostOpen = Math.ceil(rate / 2);
    const begun = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - begun) / 1_000) * rate);
      for (; sent < due; sent++) if (this.#inFlight < mostOpen) this.#send();
    }, TICK);
  }

  count(): Count {
    return this.#all.count();
  }

  recent(): Count {
    const count = this.#recent.count();
    this.#recent = new Tally();
    return count;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#drained = resolve));
    this.#agent.destroy();
  }

  #send(): void {
    this.#inFlight++;
    const sentAt = performance.now();
    let over = false;
    const done = (failure: string | null) => {
      if (over) return;
      over = true;
      const took = performance.now() - sentAt;
      this.#all.add(took, failure);
      this.#recent.add(took, failure);
      if (--this.#inFlight === 0) this.#drained?.();
    };
    const failed = (error: NodeJS.ErrnoException) => done(error.code ?? error.message);
    const url = this.#urls[this.#turn++ % this.#urls.length]!;
    const request = get(url, { agent: this.#agent, timeout: TIMEOUT }, (response) => {
      const { statusCode = 0 } = response;
      response.on('error', failed);
      response.on('end', () => done(statusCode >= 500 ? String(statusCode) : null));
      response.resume();
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', failed);
  }
}

class Tally {
  #total = 0;
  #failed = 0;
  readonly #reasons: Record<string, number> = {};
  /** Number of requests by their latency in whole milliseconds. */
  readonly #took: number[] = Array(TIMEOUT + 1).fill(0);

  add(took: number, failure: string | null): void {
    const milliseconds = Math.min(TIMEOUT, Math.round(took));
    this.#total++;
    this.#took[milliseconds]!++;
    if (failure === null) return;
    this.#failed++;
    this.#reasons[failure] = (this.#reasons[failure] ?? 0) + 1;
  }

  count(): Count {
    return {
      total: this.#total,
      failed: this.#failed,
      reasons: { ...this.#reasons },
      median: this.#quantile(0.5),
      p99: this.#quantile(0.99),
    };
  }

  #quantile(q: number): number {
    let left = q * this.#total;
    return Math.max(
      0,
      this.#took.findIndex((count) => (left -= count) <= 0),
    );
  }
}

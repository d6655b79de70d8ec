import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a visitor's screen shows. Widths are in CSS pixels. */
export interface Screen {
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

export interface Browser {
  /** Loads a page on a screen and resolves when its images are loaded or broken. */
  show(url: string, screen: Screen): Promise<void>;
  /** The value of an expression on the page, which is JSON or a promise of it. */
  evaluate(expression: string): Promise<unknown>;
  /** A PNG of the top of the page. Default: all of it. */
  picture(height?: number): Promise<Buffer>;
  close(): Promise<void>;
}

type Send = (method: string, params?: object) => Promise<Result>;

/** Starts Chromium without a window and speaks its DevTools protocol. */
export async function openBrowser(program: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'browser-'));
  const child = spawn(program, [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--hide-scrollbars',
    '--disable-background-networking',
    '--allow-file-access-from-files',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill();
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const socket = await connected(await Promise.race([address(child.stderr), exited]));
    const send = await attached(sender(socket));
    return {
      async show(url, { width, theme }) {
        const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 };
        await send('Emulation.setDeviceMetricsOverride', metrics);
        await send('Emulation.setEmulatedMedia', {
          features: [{ name: 'prefers-color-scheme', value: theme }],
        });
        await send('Page.navigate', { url });
        await evaluate(send, LOADED);
      },
      evaluate: (expression) => evaluate(send, expression),
      async picture(height) {
        const { cssContentSize } = await send('Page.getLayoutMetrics');
        const clip = { x: 0, y: 0, scale: 1, ...cssContentSize, ...(height && { height }) };
        const shot = await send('Page.captureScreenshot', { clip, captureBeyondViewport: true });
        return Buffer.from(shot.data ?? '', 'base64');
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const LOADED = `new Promise((resolve) => {
  const wait = async () => {
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    resolve(null);
  };
  if (document.readyState === 'complete') wait();
  else addEventListener('load', wait);
})`;

async function address(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [, url] = /DevTools listening on (ws:.*)/u.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  return '';
}

function connected(url: string | void): Promise<WebSocket> {
  if (!url) throw new Error('The browser did not start.');
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('error', () => reject(new Error(`The browser does not answer at ${url}.`)));
  });
}

function sender(socket: WebSocket): (session?: string) => Send {
  const waiting = new Map<number, (answer: Answer) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer: Answer = JSON.parse(String(data));
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let last = 0;
  return (sessionId) =>
    async (method, params = {}) => {
      const id = ++last;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
      const { result, error } = await answered;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result ?? {};
    };
}

interface Answer {
  readonly id: number;
  readonly result?: Result;
  readonly error?: { readonly message: string };
}

async function attached(of: (session?: string) => Send): Promise<Send> {
  const browser = of();
  const { targetId } = await browser('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await browser('Target.attachToTarget', { targetId, flatten: true });
  return of(String(sessionId));
}

async function evaluate(send: Send, expression: string): Promise<unknown> {
  const { result, exceptionDetails } = await send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(`The page: ${exceptionDetails.text}`);
  return result?.value;
}

/** What the methods used here answer. */
interface Result {
  readonly targetId?: string;
  readonly sessionId?: string;
  readonly cssContentSize?: { readonly width: number; readonly height: number };
  /** Base64. */
  readonly data?: string;
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: { readonly text: string };
}

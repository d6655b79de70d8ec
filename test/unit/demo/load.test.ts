import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { startLoad } from '../../demo/load.ts';

test('every request is counted once, with what became of it, and latency as the user has it', async () => {
  const count = { asked: 0 };
  const server = createServer((request, response) => {
    const turn = count.asked++ % 4;
    if (turn === 0) response.writeHead(503).end();
    else if (turn === 1) request.socket.destroy();
    else setTimeout(() => response.end('ok'), turn === 2 ? 0 : 200);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const load = startLoad({ url: `http://127.0.0.1:${address.port}/`, rate: 100 });
  while (count.asked < 80) await sleep(10);
  await load.stop();
  server.close();
  const { total, failed, reasons, p99 } = load.count();
  expect(total).toBe(count.asked);
  expect(reasons['503']! + reasons['ECONNRESET']!).toBe(failed);
  expect(failed / total).toBeCloseTo(0.5, 1);
  expect(p99).toBeGreaterThanOrEqual(195);
  expect(load.recent().total).toBe(total);
  expect(load.recent().total).toBe(0);
});

test('several URLs get the requests in turn', async () => {
  const asked: Record<string, number> = {};
  const server = createServer(({ url = '' }, response) => {
    asked[url] = (asked[url] ?? 0) + 1;
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = ['/a', '/b'].map((path) => `http://127.0.0.1:${address.port}${path}`);
  const load = startLoad({ url, rate: 100 });
  while ((asked['/b'] ?? 0) < 10) await sleep(10);
  await load.stop();
  server.close();
  expect(Math.abs(asked['/a']! - asked['/b']!)).toBeLessThanOrEqual(1);
});

test('as long as nothing is answered, only the requests of half a second are sent', async () => {
  const open = new Set<ServerResponse>();
  const server = createServer((_request, response) => void open.add(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const load = startLoad({ url: `http://127.0.0.1:${address.port}/`, rate: 100 });
  while (open.size < 50) await sleep(10);
  await sleep(200);
  expect(open.size).toBe(50);
  server.on('request', (_request, response: ServerResponse) => response.end('ok'));
  for (const response of open) response.end('ok');
  await load.stop();
  server.close();
  expect(load.count().failed).toBe(0);
});

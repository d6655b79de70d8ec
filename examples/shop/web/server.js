import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const { PORT = '8080', RELEASE = 'local', FAULT = 'none' } = process.env;
const log = (level, message) => console.log(JSON.stringify({ level, release: RELEASE, message }));

if (FAULT === 'crash') {
  log('error', 'cannot read the price list: /app/prices.json is missing');
  process.exit(1);
}

/** Rendering takes 15 ms, plus an exponentially distributed time of 10 ms on average. */
const work = () => sleep((15 - 10 * Math.log(1 - Math.random())) * (FAULT === 'slow' ? 2 : 1));

async function page(request) {
  if (request.url === '/healthz') return { status: 200, body: 'ok' };
  await work();
  if (FAULT === 'errors' && Math.random() < 0.08) {
    log('error', `${request.method} ${request.url}: price of item 7 is not a number`);
    return { status: 500, body: '<p>Sorry, that went wrong.</p>' };
  }
  return { status: 200, body: `<!doctype html><title>Shop</title><h1>Shop</h1><p>Release ${RELEASE}</p>` };
}

const server = createServer((request, response) => {
  void page(request).then(({ status, body }) =>
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(`${body}\n`),
  );
});

// Longer than the idle timeout of the load balancer (60 s), so that it never reuses a connection that is being closed.
server.keepAliveTimeout = 65_000;
server.listen(Number(PORT), () => log('info', `listening on ${PORT}`));

// ECS removes the task from the target group before it sends SIGTERM: complete the requests in progress, then exit.
process.on('SIGTERM', () => {
  log('info', 'stopping');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

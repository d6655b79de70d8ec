import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const { PORT = '8080', RELEASE = 'local', FAULT = 'none' } = process.env;
const log = (level, message) => console.log(JSON.stringify({ level, release: RELEASE, message }));

const items = [
  { id: 1, name: 'Lamp', price: 39 },
  { id: 2, name: 'Chair', price: 120 },
];

if (FAULT === 'crash') {
  log('error', 'cannot connect to the database: DATABASE_URL is not set');
  process.exit(1);
}

const query = () => sleep((8 - 6 * Math.log(1 - Math.random())) * (FAULT === 'slow' ? 2 : 1));

async function answer(request) {
  if (request.url === '/healthz') return { status: 200, body: { ok: true } };
  if (request.url !== '/api/items') return { status: 404, body: { error: 'not found' } };
  await query();
  if (FAULT === 'errors' && Math.random() < 0.08) {
    log('error', `${request.method} ${request.url}: column "prize" does not exist`);
    return { status: 500, body: { error: 'internal' } };
  }
  return { status: 200, body: { release: RELEASE, items } };
}

const server = createServer((request, response) => {
  void answer(request).then(({ status, body }) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`),
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

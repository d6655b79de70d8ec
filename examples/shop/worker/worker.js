import { setTimeout as sleep } from 'node:timers/promises';

const { RELEASE = 'local', FAULT = 'none' } = process.env;
const log = (level, message, more) =>
  console.log(JSON.stringify({ level, release: RELEASE, message, ...more }));

if (FAULT === 'crash') {
  log('error', 'cannot connect to the queue: QUEUE_URL is not set');
  process.exit(1);
}

const stop = new AbortController();
process.on('SIGTERM', () => {
  log('info', 'stopping after this order');
  stop.abort();
});

log('info', 'waiting for orders');
for (let order = 1; !stop.signal.aborted; order++) {
  const took = 400 * (FAULT === 'slow' ? 2 : 1);
  await sleep(took);
  if (FAULT === 'errors' && Math.random() < 0.08) log('error', 'order not shipped: no address', { order });
  else log('info', 'order shipped', { order, took });
}

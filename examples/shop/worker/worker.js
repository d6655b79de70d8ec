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

/** The revision of this task's task definition, from the ECS task metadata endpoint. */
async function revisionHere() {
  const { ECS_CONTAINER_METADATA_URI_V4: metadata } = process.env;
  if (!metadata) return 'local';
  const { Revision } = await (await fetch(`${metadata}/task`)).json();
  return Revision;
}

/** Prints a line in the CloudWatch embedded metric format, from which CloudWatch creates metrics. */
function tellOrders(revision, counts) {
  const metrics = Object.keys(counts).map((name) => ({ Name: name, Unit: 'Count' }));
  const told = [{ Namespace: 'Shop/Worker', Dimensions: [['Revision']], Metrics: metrics }];
  const line = { _aws: { Timestamp: Date.now(), CloudWatchMetrics: told }, Revision: revision, ...counts };
  console.log(JSON.stringify(line));
}

const revision = await revisionHere();
let counts = { Orders: 0, OrdersFailed: 0 };
setInterval(() => {
  tellOrders(revision, counts);
  counts = { Orders: 0, OrdersFailed: 0 };
}, 10_000).unref();

log('info', 'waiting for orders');
for (let order = 1; !stop.signal.aborted; order++) {
  const took = 400 * (FAULT === 'slow' ? 2 : 1);
  await sleep(took);
  counts.Orders += 1;
  if (FAULT === 'errors' && Math.random() < 0.08) {
    counts.OrdersFailed += 1;
    log('error', 'order not shipped: no address', { order });
  } else log('info', 'order shipped', { order, took });
}

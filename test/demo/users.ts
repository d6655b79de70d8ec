import { type Count, startLoad } from './load.ts';

/** Only the users' requests, for a terminal: `node test/demo/users.ts URL... [RATE]`. */
const args = process.argv.slice(2);
const rate = URL.canParse(args.at(-1) ?? '') ? '100' : (args.pop() ?? '');
if (args.length === 0 || !args.every((url) => URL.canParse(url)) || !(Number(rate) > 0)) {
  console.error('usage: script/load URL... [REQUESTS A SECOND]');
  process.exit(2);
}

const line = ({ total, failed, median, p99 }: Count) =>
  `${total} requests, median ${median} ms, p99 ${p99} ms, ${failed} failed`;

const load = startLoad({ url: args, rate: Number(rate) });
const ticker = setInterval(() => console.error(line(load.recent())), 5_000);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(ticker);
    void load.stop().then(() => console.error(`In all: ${line(load.count())}`));
  });
}

// node forward.ts PORT HOST: forwards 127.0.0.1:PORT, in the network namespace of this process, to
// HOST:PORT.
import net from 'node:net';

const [port = '', host = ''] = process.argv.slice(2);
const server = net.createServer((from) => {
  const to = net.connect(Number(port), host);
  from.pipe(to).pipe(from);
  from.on('error', () => to.destroy());
  to.on('error', () => from.destroy());
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));

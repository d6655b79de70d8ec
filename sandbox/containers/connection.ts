import Docker from 'dockerode';

/** Throws when the address is none that an engine can have; whether one answers there shows with the first request. */
export function connect(dockerHost: string): Docker {
  const address = URL.parse(dockerHost);
  if (address?.protocol === 'unix:') return new Docker({ socketPath: address.pathname });
  if (address?.protocol === 'tcp:' || address?.protocol === 'http:') {
    return new Docker({ protocol: 'http', host: address.hostname, port: Number(address.port || 2375) });
  }
  throw new Error(
    `No Docker engine can be at ${JSON.stringify(dockerHost)}: use unix:///path/to/docker.sock or tcp://host:port.`,
  );
}

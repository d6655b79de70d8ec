import Docker from 'dockerode';

/**
 * Throws when the address is invalid for an engine. The connection is established by the first
 * request.
 */
export function connect(dockerHost: string): Docker {
  const address = URL.parse(dockerHost);
  if (address?.protocol === 'unix:') return new Docker({ socketPath: address.pathname });
  if (address?.protocol === 'tcp:' || address?.protocol === 'http:') {
    return new Docker({ protocol: 'http', host: address.hostname, port: Number(address.port || 2375) });
  }
  throw new Error(
    `${JSON.stringify(dockerHost)} is not the address of a Docker engine: use unix:///path/to/docker.sock or tcp://host:port.`,
  );
}

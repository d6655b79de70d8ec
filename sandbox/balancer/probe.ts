import http from 'node:http';
import type { Clock } from '../../src/core/time/clock.ts';
import type { DataPlane, HealthCheck } from '../ports.ts';

/** Makes a health check like the load balancer, on a separate connection. */
export function probe(
  clock: Clock,
  { path, timeout }: HealthCheck,
  address: { readonly host: string; readonly port: number },
): ReturnType<DataPlane['probe']> {
  return new Promise((resolve) => {
    const request = http.get({
      ...address,
      path,
      agent: false,
      headers: { 'User-Agent': 'ELB-HealthChecker/2.0', Connection: 'close' },
    });
    const cancel = clock.after(timeout, () => {
      resolve({ problem: 'timeout' });
      request.destroy();
    });
    request.on('response', (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode! });
    });
    // Without effect after an answer or a timeout.
    request.on('error', () => resolve({ problem: 'unreachable' }));
    request.on('close', cancel);
  });
}

import { logLines } from '../../report/log.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { Reconciled } from './reconciled.ts';

/** From the worst. */
export const STATES = ['dirty', 'undone', 'finished', 'in progress', 'clean'] as const;

/** Of all services; without any, clean. Pure. */
export function worstOf(services: readonly Reconciled[]): Reconciled['state'] {
  return STATES.find((state) => services.some((service) => service.state === state)) ?? 'clean';
}

/** A line for each service, the worst first, and how many there are of each state. Pure. */
export function reconciledInWords(services: readonly Reconciled[]): readonly string[] {
  const sorted = STATES.flatMap((state) => services.filter((service) => service.state === state));
  const counts = STATES.flatMap((state) => {
    const count = services.filter((service) => service.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return [
    ...sorted.map(({ cluster, service, state, reason }) => `${cluster}/${service}: ${state}: ${reason}`),
    `${services.length} services: ${counts.join(', ') || 'none'}`,
  ];
}

/** What happens to a service meanwhile, as lines of the log. */
export function eventInWords(service: string, event: NewEvent, at: number): readonly string[] {
  return logLines({ ...event, at }).map((line) => `${service} | ${line}`);
}

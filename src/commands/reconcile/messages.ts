import { quantity } from '../../core/quantity.ts';
import { logLines } from '../../report/log.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { Reconciled } from './reconciled.ts';

/** From worst to best. */
export const STATES = ['dirty', 'undone', 'repaired', 'finished', 'in progress', 'clean'] as const;

/** The worst state of all services; `clean` without services. Pure. */
export function worstOf(services: readonly Reconciled[]): Reconciled['state'] {
  return STATES.find((state) => services.some((service) => service.state === state)) ?? 'clean';
}

/** One line for each service, the worst first, then the number of services in each state. Pure. */
export function reconciledInWords(services: readonly Reconciled[]): readonly string[] {
  const sorted = STATES.flatMap((state) => services.filter((service) => service.state === state));
  const counts = STATES.flatMap((state) => {
    const count = services.filter((service) => service.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return [
    ...sorted.map(({ cluster, service, state, reason }) => `${cluster}/${service}: ${state}: ${reason}`),
    `${quantity(services.length, 'service')}: ${counts.join(', ') || 'none'}`,
  ];
}

/** An event of a service as log lines. */
export function eventInWords(service: string, event: NewEvent, at: number): readonly string[] {
  return logLines({ ...event, at }).map((line) => `${service} | ${line}`);
}

// Selects the events of one kind from those that a rollout recorded.
export type EventsOfKind<E extends { readonly kind: string }> = <K extends E['kind']>(
  kind: K,
) => readonly Extract<E, { kind: K }>[];

export function selectFrom<E extends { readonly kind: string }>(events: readonly E[]): EventsOfKind<E> {
  return <K extends E['kind']>(kind: K) =>
    events.filter((event): event is Extract<E, { kind: K }> => event.kind === kind);
}

import { type InputType, shown, wrong } from './input-type.ts';

/** A whole number. Both limits are inclusive. */
export function wholeNumber({ from, to }: { readonly from: number; readonly to: number }): InputType<number> {
  const allowed = `a whole number from ${from} to ${to}`;
  return {
    allowed,
    parse: (given) =>
      /^\d{1,15}$/.test(given) && Number(given) >= from && Number(given) <= to
        ? { value: Number(given) }
        : wrong(`${shown(given)} is not ${allowed}`, `write ${allowed}`),
  };
}

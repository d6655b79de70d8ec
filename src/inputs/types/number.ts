import { type InputType, shown, wrong } from './input-type.ts';

const NUMBER = /^\d+(\.\d+)?$/;

/** A plain decimal number. Both limits are inclusive. */
export function number({ from, to }: { readonly from: number; readonly to: number }): InputType<number> {
  const allowed = `a number from ${from} to ${to}`;
  return {
    allowed,
    form: 'number',
    parse(given) {
      if (!NUMBER.test(given)) return wrong(`${shown(given)} is not a number`, `write ${allowed}`);
      const value = Number(given);
      return value < from || value > to ? wrong(`${given} is out of range`, `write ${allowed}`) : { value };
    },
  };
}

/** A fraction of one, written `0.01` or `1%`. More than 0, at most `to`. */
export function fraction({ to }: { readonly to: number }): InputType<number> {
  const allowed = `a fraction or a percentage, more than 0, at most ${to} (${to * 100}%)`;
  return {
    allowed,
    form: 'number',
    parse(given) {
      const digits = given.replace(/%$/, '');
      if (!NUMBER.test(digits)) {
        return wrong(`${shown(given)} is not a number`, 'write it as 0.01 or 1%');
      }
      const value = given.endsWith('%') ? Number(digits) / 100 : Number(digits);
      if (value > to && !given.endsWith('%') && value / 100 <= to) {
        return wrong(`${given} is out of range`, `write ${given}% for a percentage`);
      }
      return value <= 0 || value > to ? wrong(`${given} is out of range`, `write ${allowed}`) : { value };
    },
  };
}

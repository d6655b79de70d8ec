import { type InputType, shown } from '../inputs/types/input-type.ts';
import { DEFAULT_SETTINGS, type JudgeSettings } from '../judge/recording.ts';
import { nearest } from '../core/did-you-mean.ts';

const NAMES = Object.keys(DEFAULT_SETTINGS);

/**
 * Settings of a recording: `falseAlarmRate=0.001,warmUp=5`. The judge checks the range of the
 * values.
 */
export const settings: InputType<Partial<JudgeSettings>> = {
  allowed: `NAME=NUMBER, separated by commas; the names are ${NAMES.join(', ')}`,
  parse(given) {
    const values: Record<string, number> = {};
    const problems = given.split(',').flatMap((entry) => {
      const [name = '', value = '', ...more] = entry.split('=').map((part) => part.trim());
      if (!NAMES.includes(name)) {
        const meant = nearest(name, NAMES);
        const fix = meant === null ? `write one of ${NAMES.join(', ')}` : `did you mean ${meant}?`;
        return [{ problem: `${shown(name)} is not a setting`, fix }];
      }
      if (name in values) return [{ problem: `${name} is given more than once`, fix: 'remove all but one' }];
      values[name] = Number(value);
      return value === '' || more.length > 0 || !Number.isFinite(values[name])
        ? [
            {
              problem: `${shown(entry.trim())} does not give ${name} a number`,
              fix: `write ${name}=${defaultOf(name)}`,
            },
          ]
        : [];
    });
    return problems.length > 0 ? { problems } : { value: values };
  },
};

const defaultOf = (name: string): string =>
  String(Object.entries(DEFAULT_SETTINGS).find(([known]) => known === name)?.[1]);

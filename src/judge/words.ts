import { rate, type Tallies, type Tally } from './tally.ts';

/** Numbers and counts for explanations. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const threeDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

export const countInWords = (value: number): string => whole.format(value);

/** 2,316.4 -> "2,300" */
export const about = (value: number): string => twoDigits.format(value);

/** 0.0405 -> "4.1%" */
export const percent = (share: number): string =>
  `${share > 0.99 ? threeDigits.format(share * 100) : twoDigits.format(share * 100)}%`;

/** 0.18 -> "180 ms", 2.5 -> "2.5 s" */
export const secondsInWords = (value: number): string =>
  value < 1 ? `${threeDigits.format(value * 1000)} ms` : `${threeDigits.format(value)} s`;

/** "1 request", "1,012 requests" */
export const plural = (value: number, noun: string): string =>
  `${countInWords(value)} ${noun}${value === 1 ? '' : 's'}`;

/** The length of some periods: 8 of 60 seconds -> "8 minutes", 5 of 10 seconds -> "50 seconds" */
export function timeOf(periods: number, { period }: { readonly period: number }): string {
  const seconds = periods * period;
  return seconds % 60 === 0 ? plural(seconds / 60, 'minute') : plural(seconds, 'second');
}

/** "this is 2,300 times more likely" */
export const likelier = (times: number): string =>
  `this is ${times > 1e6 ? 'over a million' : about(times)} times more likely`;

/** "41 of 1,012 requests to the new revision failed (4.1%), 3 of 9,120 to the old one (0.033%)" */
export function failures(
  { canary, stable }: Tallies,
  { noun, asked }: { readonly noun: string; readonly asked: string },
): string {
  const ours = `${some(canary)} of ${plural(canary.of, noun)} to ${asked} failed${inPercent(canary)}`;
  const theirs = `${some(stable)} of ${countInWords(stable.of)} to the old one${inPercent(stable)}`;
  return stable.of === 0 ? ours : `${ours}, ${theirs}`;
}

const some = ({ bad }: Tally): string => (bad === 0 ? 'none' : countInWords(bad));
const inPercent = (tally: Tally): string => (tally.bad === 0 ? '' : ` (${percent(rate(tally))})`);

/** A clause as a sentence, with a capital letter and a period. */
export const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;

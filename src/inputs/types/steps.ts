import { type InputType, shown, wrong } from './input-type.ts';

/**
 * Percentages of traffic with at most one decimal place, ascending to 100. A rule checks whether
 * ECS supports them.
 */
export const steps: InputType<readonly number[]> = {
  allowed: 'percentages in ascending order that end with 100, separated by commas',
  form: 'list',
  parse(given) {
    const texts = given
      .split(/[,\n]/)
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const bad = texts.filter((text) => !/^\d{1,3}(\.\d)?%?$/.test(text) || !inRange(percent(text)));
    if (bad.length > 0) {
      return wrong(
        `${bad.map(shown).join(', ')} ${bad.length === 1 ? 'is not a step' : 'are not steps'}`,
        'write numbers above 0, at most 100, with at most one decimal place',
      );
    }
    const percents = texts.map(percent);
    const corrected = [...new Set([...percents, 100])].sort((a, b) => a - b);
    if (percents.join() === corrected.join()) return { value: percents };
    const problem = percents.includes(100)
      ? `${shown(given)} is not in ascending order`
      : `${shown(given)} does not end with 100`;
    return wrong(problem, `write ${corrected.join(',')}`);
  },
};

function percent(text: string): number {
  return Number(text.replace('%', ''));
}

function inRange(step: number): boolean {
  return step > 0 && step <= 100;
}

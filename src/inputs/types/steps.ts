import { type InputType, shown, wrong } from './input-type.ts';

/** Percent of traffic, in tenths, ascending to 100. Whether ECS can climb this ladder is the rollout's to say. */
export const steps: InputType<readonly number[]> = {
  allowed: 'percentages in ascending order, the last one 100, separated by commas',
  form: 'list',
  parse(given) {
    const texts = given
      .split(/[,\n]/)
      .map((text) => text.trim())
      .filter((text) => text !== '');
    const bad = texts.filter((text) => !/^\d{1,3}(\.\d)?%?$/.test(text) || !inRange(percent(text)));
    if (bad.length > 0) {
      return wrong(
        `${bad.map(shown).join(', ')} ${bad.length === 1 ? 'is no step' : 'are no steps'}`,
        'write more than 0 and at most 100, with no more than one digit after the point',
      );
    }
    const ladder = texts.map(percent);
    const corrected = [...new Set([...ladder, 100])].sort((a, b) => a - b);
    if (ladder.join() === corrected.join()) return { value: ladder };
    const problem = ladder.includes(100)
      ? `${shown(given)} does not ascend`
      : `${shown(given)} does not end at 100`;
    return wrong(problem, `write ${corrected.join(',')}`);
  },
};

function percent(text: string): number {
  return Number(text.replace('%', ''));
}

function inRange(step: number): boolean {
  return step > 0 && step <= 100;
}

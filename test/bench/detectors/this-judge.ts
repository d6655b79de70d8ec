import { judge } from '../../../src/judge/judge.ts';
import type { Recording } from '../../../src/judge/recording.ts';
import type { Detector } from './detector.ts';

/** The deciding minute does not depend on later ones, so this part suffices for most faults. */
const AT_FIRST = 12;

export const thisJudge: Detector = {
  name: 'this judge',
  detect: (recording) =>
    rolledBack({ ...recording, minutes: recording.minutes.slice(0, AT_FIRST) }) ?? rolledBack(recording),
};

function rolledBack(recording: Recording): number | null {
  const { verdict, minute } = judge(recording);
  return verdict === 'rollback' ? minute + 1 : null;
}

import { judge } from '../../src/judge/judge.ts';
import type { Recording } from '../../src/judge/recording.ts';

/** A way to tell that a canary is bad. */
export interface Detector {
  readonly name: string;
  /** How many minutes it took to roll back; null: it did not. */
  detect(recording: Recording): number | null;
}

const thisJudge: Detector = {
  name: 'this judge',
  detect(recording) {
    const { verdict, minute } = judge(recording);
    return verdict === 'rollback' ? minute + 1 : null;
  },
};

/** The errors' part of it, as if it were the whole. */
const errorsAlone: Detector = {
  name: 'its errors test alone',
  detect(recording) {
    const enough = judge(recording).evidence.find(({ errors }) => errors !== null && errors >= 100);
    return enough === undefined ? null : enough.t + 1;
  },
};

/** The columns of the table. */
export const DETECTORS: readonly Detector[] = [thisJudge, errorsAlone];

import { cloudWatch } from './cloudwatch.ts';
import type { Detector } from './detector.ts';
import { fisher } from './fisher.ts';
import { fixedThreshold } from './fixed-threshold.ts';
import { flagger } from './flagger.ts';
import { mannWhitney } from './mann-whitney.ts';
import { ruleBefore } from './rule-before.ts';
import { sequential } from './sequential.ts';
import { thisJudge } from './this-judge.ts';

/** The columns of the table. */
export const DETECTORS: readonly Detector[] = [
  fixedThreshold,
  flagger,
  cloudWatch,
  mannWhitney,
  fisher,
  sequential,
  ruleBefore,
  thisJudge,
];

import { eProcess, type EvidenceTrace } from './e-process.ts';
import type { Minute } from './recording.ts';
import { errorsIn, hasErrors, NOTHING, rate, type Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

const TIMES_THE_LIMIT = [2, 4, 10];
const HIGHEST_RATE = 0.95;

/**
 * Does the canary fail more often than `maxErrorRate`, whatever stable does? The only test when
 * there is no arm to compare with: at 100%, and in a first deployment.
 *
 *     prod (p1/p_max)^x ((1 - p1)/(1 - p_max))^(n - x),   averaged over p1 = {2, 4, 10} p_max, at most .95
 *
 * A likelihood ratio against p_max (Wald 1945). Its mean is at most 1 for every smaller rate too,
 * also when errors that come in clusters count less (Jensen). A period in which stable itself is
 * above the limit is ignored, because what affects both arms is not caused by the release. The
 * canary does not influence that choice.
 */
export function guardTest({ judged, settings, restarts }: Timeline): EvidenceTrace {
  const limit = settings.maxErrorRate;
  const alternatives = TIMES_THE_LIMIT.map((times) => {
    const rateThen = Math.min(times * limit, HIGHEST_RATE);
    const logBad = Math.log(rateThen / limit);
    const logGood = Math.log((1 - rateThen) / (1 - limit));
    return {
      weight: 1 / TIMES_THE_LIMIT.length,
      logFactor(minute: Minute): number {
        const { bad, of } = guarded(minute, limit);
        return (bad * logBad + (of - bad) * logGood) / settings.dispersion;
      },
    };
  });
  return eProcess(judged, alternatives, { restarts });
}

/** Whether the errors of the canary are counted at all. */
export const hasGuardTest = ({ finished }: Timeline): boolean => hasErrors(finished, 'canary');

/** The requests of a period that the guard counts. */
export function guarded(minute: Minute, limit: number): Tally {
  const { canary, stable } = errorsIn(minute);
  return rate(stable) > limit ? NOTHING : canary;
}

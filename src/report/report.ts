/** All that is told to people: pure renderings of the event trail. */
export { annotations, type Annotation } from './annotations.ts';
export { renderBuildSummary } from './build-summary.ts';
export { renderComment } from './comment.ts';
export { logLines } from './log.ts';
export { outputs, type ReportFiles } from './outputs.ts';
export { plainLines, plainText, printable } from '../core/plain-text.ts';
export { planOf, type Plan } from './plan.ts';
export { progressOf, type Progress } from './progress.ts';
export { recordingOf } from './recording.ts';
export { MOST_BYTES, renderSummary } from './summary.ts';
export { count, durationInWords, timeOfDay } from './words.ts';
export * as consoleLinks from './console-links.ts';

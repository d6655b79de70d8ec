import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { judge } from '../judge/judge.ts';
import { readRecording } from '../judge/read-recording.ts';
import type { JudgeSettings } from '../judge/recording.ts';
import { verdictTable } from '../commands/backtest/verdict-table.ts';
import type { CliContext } from './command.ts';
import { isObject } from '../core/is-object.ts';
import { MINUTE, SECOND, type Milliseconds } from '../core/time/clock.ts';
import { judgeSettingsOf, type JudgeOptions } from './judge-options.ts';
import { ROLLED_BACK } from './exit-codes.ts';
import { verdictAsJson } from './json.ts';
import { errorText } from '../core/failure.ts';

/** `ecs-ramp judge FILE` */
export async function judgeRecording(
  file: string,
  wanted: JudgeOptions,
  context: CliContext,
): Promise<number> {
  const json = parse(file, await textOf(file, context));
  const recording = readRecording(withSettings(json, judgeSettingsOf(wanted, periodOf(json))));
  const verdict = judge(recording);
  if (wanted.explain) context.print(verdictTable(recording, verdict).join('\n'));
  else context.print(verdictAsJson(verdict));
  return wanted['exit-code'] && verdict.verdict === 'rollback' ? ROLLED_BACK : 0;
}

async function textOf(file: string, context: CliContext): Promise<string> {
  try {
    return await context.read(file);
  } catch (error) {
    const why = errorText(error);
    throw unusable(file, `it cannot be read (${why})`, 'name a file that exists, or - for stdin');
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = errorText(error);
    throw unusable(file, `it is not JSON (${why})`, 'give the recording that a rollout saved');
  }
}

const unusable = (file: string, problem: string, fix: string): InvalidInputs =>
  new InvalidInputs([inputIssue(file === '-' ? 'stdin' : file, { problem, fix })]);

/** The period of the recording. If it is not valid, `readRecording` reports the problem. */
function periodOf(json: unknown): Milliseconds {
  const period = isObject(json) ? json['period'] : null;
  return typeof period === 'number' && period > 0 ? period * SECOND : MINUTE;
}

/** Leaves text that is not a recording unchanged: `readRecording` reports the problem. */
function withSettings(json: unknown, settings: Partial<JudgeSettings>): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const own: unknown = 'settings' in json ? json.settings : {};
  return typeof own === 'object' && own !== null && Object.keys(settings).length > 0
    ? { ...json, settings: { ...own, ...settings } }
    : json;
}

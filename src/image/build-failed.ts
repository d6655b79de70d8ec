import { readFile } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import type { FailedStep } from './build-log.ts';
import { lineOfStep, parseDockerfile } from './dockerfile.ts';
import { UserError } from '../core/failure.ts';

/** Explains a failed build: step, line, reason, and the last lines that the step printed. */
export async function explainFailure(failure: {
  /** The Dockerfile's absolute path. */
  readonly file: string;
  readonly target: string | null;
  readonly message: string;
  readonly step: FailedStep | null;
  readonly cause: unknown;
}): Promise<UserError> {
  const { step, message, target, cause } = failure;
  const file = shortest(failure.file);
  const stages = parseDockerfile(await readFile(failure.file, 'utf8'));
  const failed = (reason: string, line: number | null): UserError => {
    const place = line === null ? file : `${file}:${line}`;
    const what = step ? `${step.name} failed: ${reason}` : reason;
    const printed = step?.lastLines.length
      ? `\nLast lines of its output:\n${step.lastLines.map((line) => `  ${line}`).join('\n')}`
      : '';
    return new UserError(`${place}: ${what}${printed}${architectureHint(`${reason}${printed}`)}`, { cause });
  };
  if (step) return failed(reasonOf(step.error), lineOfStep(stages, step.name));
  const names = stages.map(({ name }, index) => name ?? String(index));
  const isStage = target === null || names.includes(target.toLowerCase()) || stages[Number(target)];
  if (!isStage)
    return failed(`it has no stage "${target}" (\`target\`): its stages are ${names.join(', ')}.`, null);
  const parseError = /dockerfile parse error (?:on )?line (\d+): (.*)/s.exec(message);
  if (parseError) return failed(parseError[2] ?? message, Number(parseError[1]));
  return failed(
    message.replace(/^(failed to solve( with frontend \S+)?: |failed to create LLB definition: )+/, ''),
    null,
  );
}

/** The fix for a build that runs programs of another architecture; empty for other builds. */
export function architectureHint(output: string): string {
  return /exec(utable file)? format error/i.test(output)
    ? "\nThis program is for another architecture than the machine's. Build on a machine of that architecture, or install QEMU before (in a workflow: docker/setup-qemu-action)."
    : '';
}

/** The step's name already contains the command, so only the exit code is kept. */
function reasonOf(error: string): string {
  const exitCode = /: exit code: (\d+)/.exec(error)?.[1];
  if (exitCode === undefined) return error;
  return `exit code ${exitCode}${exitCode === '137' ? ' (killed: out of memory?)' : ''}.`;
}

function shortest(file: string): string {
  const inside = relative(process.cwd(), file);
  return inside.startsWith('..') || isAbsolute(inside) ? file : inside;
}

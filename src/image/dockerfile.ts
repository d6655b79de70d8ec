/**
 * A stage of a Dockerfile and its instructions with line numbers, to find the line of a failed
 * step.
 */
export interface Stage {
  /** The name after `AS`, in lower case. */
  readonly name: string | null;
  readonly from: Instruction;
  readonly instructions: readonly Instruction[];
}

export interface Instruction {
  /** In upper case. */
  readonly keyword: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export function parseDockerfile(text: string): Stage[] {
  const stages: { name: string | null; from: Instruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructionsOf(text.split(/\r?\n/))) {
    if (instruction.keyword === 'FROM') {
      const name = /\sas\s+(\S+)\s*$/i.exec(instruction.text)?.[1] ?? null;
      stages.push({ name: name?.toLowerCase() ?? null, from: instruction, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/**
 * The line of the instruction with BuildKit's step name, such as `[build 2/5] RUN npm ci`. `null`
 * when it is not known.
 */
export function lineOfStep(stages: readonly Stage[], name: string): number | null {
  const metadata = /^\[(?:.* )?internal\] load metadata for (\S+)/.exec(name)?.[1];
  if (metadata !== undefined)
    return stages.find(({ from }) => metadata.includes(from.text.split(/\s+/)[1] ?? '\n'))?.from.line ?? null;
  const step = /^\[(?:(?:.* )?(\S+) +)? *(\d+)\/(\d+)\] (?:ONBUILD )?(\S+)/.exec(name);
  if (!step) return null;
  const [, stageName, index, total, keyword] = step;
  const unnamed = /^stage-(\d+)$/.exec(stageName ?? '')?.[1];
  const stage =
    stages.length === 1
      ? stages[0]
      : (stages.find((stage) => stage.name === stageName) ?? stages[Number(unnamed ?? -1)]);
  if (!stage) return null;
  if (keyword === 'FROM') return stage.from.line;
  // Counted from the end, because ONBUILD steps of the base image may precede the stage's steps.
  const steps = stage.instructions.filter(({ keyword }) => COUNTED.has(keyword));
  const found = steps.at(Number(index) - Number(total) - 1);
  return found && found.keyword === keyword ? found.line : null;
}

/** The instructions that BuildKit numbers. */
const COUNTED = new Set(['ADD', 'COPY', 'RUN', 'WORKDIR']);

function* instructionsOf(lines: readonly string[]): Generator<Instruction> {
  const escape = escapeCharacter(lines);
  for (let at = 0; at < lines.length; at++) {
    if (isSkipped(lines[at])) continue;
    const line = at + 1;
    let text = (lines[at] ?? '').trim();
    while (text.endsWith(escape) && at + 1 < lines.length) {
      at++;
      // A comment or an empty line does not end the instruction.
      if (!isSkipped(lines[at])) text = `${text.slice(0, -1)}${(lines[at] ?? '').trim()}`;
    }
    const keyword = (text.split(/\s/)[0] ?? '').toUpperCase();
    if (HEREDOC_TAKERS.has(keyword))
      for (const [, dash, , end] of text.matchAll(/<<(-?)(["']?)(\w+)\2/g)) {
        do at++;
        while (at < lines.length && (dash ? lines[at]?.replace(/^\t+/, '') : lines[at]) !== end);
      }
    yield { keyword, text, line };
  }
}

const HEREDOC_TAKERS = new Set(['ADD', 'COPY', 'RUN']);

function isSkipped(line = ''): boolean {
  return /^\s*(#|$)/.test(line);
}

/** The directive `# escape=` must precede everything else. */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = /^#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line);
    if (!directive) break;
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] ?? '\\';
  }
  return '\\';
}

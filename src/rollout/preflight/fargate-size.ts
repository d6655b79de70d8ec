const GIB = 1024;

/** CPU units of a task to its least and greatest memory and the step between, in MiB. */
const SIZES: ReadonlyMap<number, readonly [least: number, most: number, step: number]> = new Map([
  [256, [0.5 * GIB, 2 * GIB, GIB]],
  [512, [GIB, 4 * GIB, GIB]],
  [1024, [2 * GIB, 8 * GIB, GIB]],
  [2048, [4 * GIB, 16 * GIB, GIB]],
  [4096, [8 * GIB, 30 * GIB, GIB]],
  [8192, [16 * GIB, 60 * GIB, 4 * GIB]],
  [16_384, [32 * GIB, 120 * GIB, 8 * GIB]],
]);

/** Fargate may get larger sizes: those are left to AWS. */
const LARGEST = 16_384;

/**
 * Why Fargate has no task of this size, as the rest of a sentence with the fix; `null` if it has
 * one. Sizes are texts as in a task definition: `512`, `.5 vCPU`, `1 GB`. Pure.
 */
export function fargateSizeProblem(cpu: string | undefined, memory: string | undefined): string | null {
  if (!cpu || !memory) {
    const missing = [...(cpu ? [] : ['cpu']), ...(memory ? [] : ['memory'])].join(' and ');
    return `the task definition has no ${missing} for the task. Add them, such as "cpu": "256" and "memory": "512".`;
  }
  const [units, mib] = [unitsOf(cpu), unitsOf(memory)];
  if (Number.isNaN(units) || Number.isNaN(mib) || units > LARGEST) return null;
  const range = SIZES.get(units);
  if (range === undefined) {
    return `it has no tasks with cpu ${cpu}. Write ${[...SIZES.keys()].join(', ')}.`;
  }
  const [least, most, step] = range;
  // 512 is the only size that is no multiple of its step.
  if (mib === least || (mib >= least && mib <= most && mib % step === 0)) return null;
  return `it has no tasks with cpu ${cpu} and memory ${memory}. Write a memory from ${least} to ${most}${least < GIB ? ` (${least}, ${GIB} or ${most})` : `, in steps of ${step}`}, or another cpu.`;
}

function unitsOf(text: string): number {
  const [, amount, unit] = /^\s*(\d*\.?\d+)\s*(vcpu|gb)?\s*$/i.exec(text) ?? [];
  if (amount === undefined) return Number.NaN;
  return unit === undefined ? Number(amount) : Number(amount) * GIB;
}

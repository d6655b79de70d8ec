/** Values that differ in every run: ids, times and ports. */
const VARIABLE = [
  /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g,
  /\b[0-9a-f]{16,32}\b/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b\d{19}\b/g,
  /127\.0\.0\.1:\d+/g,
  /(?<=service-deployment\/[^/]+\/[^/]+\/)[A-Za-z0-9]+/g,
];

/** Both answers without members that only one CLI knows, and without values that always differ. */
export function comparable(first: unknown, second: unknown): readonly [unknown, unknown] {
  if (Array.isArray(first) && Array.isArray(second)) {
    const pairs = Array.from({ length: Math.max(first.length, second.length) }, (_, index) =>
      comparable(first[index], second[index]),
    );
    return [
      pairs.slice(0, first.length).map(([one]) => one),
      pairs.slice(0, second.length).map(([, two]) => two),
    ];
  }
  if (isRecord(first) && isRecord(second)) {
    const common = Object.keys(first).filter((name) => name in second);
    const pairs = common.map((name) => [name, comparable(first[name], second[name])] as const);
    return [
      Object.fromEntries(pairs.map(([name, [one]]) => [name, one])),
      Object.fromEntries(pairs.map(([name, [, two]]) => [name, two])),
    ];
  }
  // One of the CLIs has no model of this answer.
  if (first === null || second === null) return [null, null];
  return [plain(first), plain(second)];
}

function plain(value: unknown): unknown {
  if (typeof value === 'string')
    return VARIABLE.reduce((text, pattern) => text.replace(pattern, '...'), value);
  // One of the CLIs returns times of Application Auto Scaling and Logs as numbers.
  if (typeof value === 'number' && value > 1e9) return '...';
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

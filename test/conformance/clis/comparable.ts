/** What two runs tell of themselves and not of what was asked: ids, moments, and ports that were free. */
const OWN = [
  /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?/g,
  /\b[0-9a-f]{16,32}\b/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b\d{19}\b/g,
  /127\.0\.0\.1:\d+/g,
  /(?<=service-deployment\/[^/]+\/[^/]+\/)[A-Za-z0-9]+/g,
];

/** Both answers without what only one CLI's models know, and without what is another in every run. */
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
  // A model without an answer knows nothing of what another has in it.
  if (first === null || second === null) return [null, null];
  return [plain(first), plain(second)];
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return OWN.reduce((text, own) => text.replace(own, '...'), value);
  // moments of Application Auto Scaling and Logs are numbers in one of them
  if (typeof value === 'number' && value > 1e9) return '...';
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { didYouMean } from '../../core/did-you-mean.ts';
import type { CustomMetric, MetricName } from '../../core/request.ts';
import { type InputType, type Parsed, shown, wrong } from './input-type.ts';
import { lines } from './list.ts';

/** Placeholders in the value of a dimension. */
export const PLACEHOLDERS = [
  'revision',
  'task-definition',
  'family',
  'target-group',
  'load-balancer',
] as const;

const EXAMPLE =
  'failed checkouts = Shop/CheckoutFailed{Revision={revision}} of Shop/Checkout{Revision={revision}}';
const LIMIT_EXAMPLE = 'queue = Maximum(Shop/QueueAge{Revision={revision}}) <= 60';
const ALLOWED = `${EXAMPLE}, or ${LIMIT_EXAMPLE}`;

const customMetric: InputType<CustomMetric> = {
  allowed: ALLOWED,
  parse(given) {
    const [, name, definition] = /^([^={}]*[^={}\s])\s*=\s*(.+)$/.exec(given) ?? [];
    if (name === undefined || definition === undefined)
      return wrong(`${shown(given)} has no name`, `write it as ${EXAMPLE}`);
    return parseLimit(name, definition) ?? parseCounts(name, definition);
  },
};

export const customMetrics: InputType<readonly CustomMetric[]> = lines(customMetric, { allowed: ALLOWED });

/** `Statistic(METRIC) <= MAX`; `null` if the definition is not a limit. */
function parseLimit(name: string, definition: string): Parsed<CustomMetric> | null {
  const [, statistic, inner, max] =
    /^([A-Za-z][\w.]*)\((.+)\)\s*<=\s*(\d+(?:\.\d+)?)$/.exec(definition) ?? [];
  if (statistic === undefined || inner === undefined) {
    return definition.includes('<=')
      ? wrong(`${shown(definition)} is not a limit`, `write it as ${LIMIT_EXAMPLE}`)
      : null;
  }
  if (Number(max) === 0) return wrong(`the limit of ${shown(name)} is 0`, 'give a limit above 0');
  const metric = parseMetric(inner);
  return 'value' in metric
    ? { value: { name, kind: 'limit', statistic, metric: metric.value, max: Number(max) } }
    : metric;
}

/** `METRIC [+ METRIC ...] of METRIC [+ METRIC ...]` */
function parseCounts(name: string, definition: string): Parsed<CustomMetric> {
  const [bad, total, ...more] = definition.split(/\s+of\s+/);
  if (bad === undefined || total === undefined || more.length > 0) {
    return wrong(`${shown(definition)} is neither BAD of TOTAL nor a limit`, `write it as ${ALLOWED}`);
  }
  const [badMetrics, totalMetrics] = [parseSum(bad), parseSum(total)];
  if (!('value' in badMetrics)) return badMetrics;
  if (!('value' in totalMetrics)) return totalMetrics;
  return { value: { name, kind: 'counts', bad: badMetrics.value, total: totalMetrics.value } };
}

function parseSum(text: string): Parsed<readonly MetricName[]> {
  const parsed = text.split(/\s+\+\s+/).map(parseMetric);
  const problems = parsed.flatMap((metric) => ('value' in metric ? [] : metric.problems));
  return problems.length > 0
    ? { problems }
    : { value: parsed.flatMap((metric) => ('value' in metric ? [metric.value] : [])) };
}

/** `Namespace/Metric{Dimension=value,...}`. The namespace may contain slashes. */
function parseMetric(text: string): Parsed<MetricName> {
  const [, namespace, metric, inner] = /^\s*([^{}]+)\/([^/{}]+?)\s*\{(.+)\}\s*$/.exec(text) ?? [];
  if (namespace === undefined || metric === undefined || inner === undefined) {
    return wrong(`${shown(text)} is not a metric`, 'write it as Namespace/Metric{Dimension=value,...}');
  }
  const dimensions = inner.split(',').map((pair) => pair.split('='));
  const odd = dimensions.find(([key, value, ...more]) => !key?.trim() || !value?.trim() || more.length > 0);
  if (odd) return wrong(`${shown(odd.join('='))} is not a dimension`, 'write it as Dimension=value');
  const used = [...inner.matchAll(/\{([^{}]*)\}/g)].map(([, placeholder = '']) => placeholder);
  const unknown = used.find((placeholder) => !PLACEHOLDERS.some((known) => known === placeholder));
  if (unknown !== undefined) {
    const known = PLACEHOLDERS.map((placeholder) => `{${placeholder}}`).join(', ');
    return wrong(`there is no placeholder {${unknown}}`, `${didYouMean(unknown, PLACEHOLDERS)}use ${known}`);
  }
  if (!used.some((placeholder) => placeholder !== 'load-balancer' && placeholder !== 'family')) {
    return wrong(
      `${shown(text)} is the same for both revisions`,
      'use {revision}, {task-definition} or {target-group} in a dimension',
    );
  }
  const pairs = dimensions.map(([key = '', value = '']) => [key.trim(), value.trim()] as const);
  return { value: { namespace, metric, dimensions: Object.fromEntries(pairs) } };
}

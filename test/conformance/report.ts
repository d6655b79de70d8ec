import type { Finding, Story } from './assumptions/story.ts';
import type { Verdict } from './verify.ts';

const OUTCOMES = { true: 'holds', false: 'does not hold', null: 'unknown' } as const;
const outcomeOf = ({ holds }: Finding) => OUTCOMES[`${holds}`];

/** A Markdown report: a table of the checks, then failed contract cases and what is left. */
export function report({ cases, findings, left }: Verdict): string {
  const wrong = cases.filter(({ outcome }) => outcome === 'fails' || outcome === 'no longer differs');
  const rows = findings.map(
    (finding) => `| ${finding.check} | ${outcomeOf(finding)} | ${cell(finding.seen)} |`,
  );
  return [
    ...(rows.length > 0 ? ['| check | outcome | observed |', '| --- | --- | --- |', ...rows, ''] : []),
    ...(cases.length > 0 ? [`Contract: ${cases.length - wrong.length} of ${cases.length} cases hold.`] : []),
    ...wrong.map(({ name, outcome, detail }) => `- ${name} (${outcome}): ${cell(detail ?? '')}`),
    ...(left.length > 0 ? ['', 'Could not be removed:', ...left.map((what) => `- ${cell(what)}`)] : []),
    '',
  ].join('\n');
}

/** Whether everything holds and nothing is left. */
export function isGood({ cases, findings, left }: Verdict): boolean {
  return (
    left.length === 0 &&
    findings.every(({ holds }) => holds === true) &&
    cases.every(({ outcome }) => outcome === 'holds' || outcome === 'known difference')
  );
}

const cell = (text: string) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .slice(0, 300);

const CONTRACT_MINUTES = 15;
/** Time to create and to remove the stack. */
const AROUND_MINUTES = 12;
/**
 * Dollars per hour in Ireland: a load balancer with little traffic, a task with 0.25 vCPU and 0.5
 * GB, a public address.
 */
const PRICES = { loadBalancer: 0.035, task: 0.013, address: 0.005 };
const TASKS = 4;

/** Duration and approximate cost on AWS. */
export function estimate(stories: readonly Story[], contract: boolean): { minutes: number; dollars: number } {
  const minutes =
    AROUND_MINUTES +
    (contract ? CONTRACT_MINUTES : 0) +
    stories.reduce((sum, story) => sum + story.minutes, 0);
  const balancers = contract ? 2 : 1;
  const hourly =
    balancers * (PRICES.loadBalancer + 2 * PRICES.address) + TASKS * (PRICES.task + PRICES.address);
  return { minutes, dollars: Math.ceil((minutes / 60) * hourly * 100) / 100 };
}

import type { Finding, Story } from './assumptions/story.ts';
import type { Verdict } from './verify.ts';

const OUTCOMES = { true: 'holds', false: 'does not hold', null: 'not found out' } as const;
const outcomeOf = ({ holds }: Finding) => OUTCOMES[`${holds}`];

/** What was found, as Markdown: a table of the checks, then what else is to be looked at. */
export function report({ cases, findings, left }: Verdict): string {
  const wrong = cases.filter(({ outcome }) => outcome === 'fails' || outcome === 'differs no more');
  const rows = findings.map(
    (finding) => `| ${finding.check} | ${outcomeOf(finding)} | ${cell(finding.seen)} |`,
  );
  return [
    ...(rows.length > 0 ? ['| check | outcome | what was seen |', '| --- | --- | --- |', ...rows, ''] : []),
    ...(cases.length > 0 ? [`Contract: ${cases.length - wrong.length} of ${cases.length} cases hold.`] : []),
    ...wrong.map(({ name, outcome, detail }) => `- ${name} (${outcome}): ${cell(detail ?? '')}`),
    ...(left.length > 0 ? ['', 'Could not be removed:', ...left.map((what) => `- ${cell(what)}`)] : []),
    '',
  ].join('\n');
}

/** Whether everything that was tried holds, and nothing is left. */
export function isGood({ cases, findings, left }: Verdict): boolean {
  return (
    left.length === 0 &&
    findings.every(({ holds }) => holds === true) &&
    cases.every(({ outcome }) => outcome === 'holds' || outcome === 'differs, as known')
  );
}

const cell = (text: string) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .slice(0, 300);

const CONTRACT_MINUTES = 15;
/** To make and to remove the stack. */
const AROUND_MINUTES = 12;
/** Dollars an hour, in Ireland: a load balancer with little traffic, a task of 0.25 vCPU and 0.5 GB, a public address. */
const PRICES = { loadBalancer: 0.035, task: 0.013, address: 0.005 };
const TASKS = 4;

/** How long it takes on AWS, and about what it costs. */
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

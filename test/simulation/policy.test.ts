import { describe, expect, jest, test } from '@jest/globals';
import { NEEDS, type Need, type Use, USES } from '../../src/commands/policy/needs.ts';
import { policyFor } from '../../src/commands/policy/policy.ts';
import type { PolicyDocument } from '../../src/commands/policy/document.ts';
import { runStory, STORIES, type Story, WEB } from './policy-stories.ts';

jest.setTimeout(120_000);

const policyOf = ({ use, also = [], whole, repository }: Story): PolicyDocument => {
  const names = { ...WEB, repository: repository ? { name: repository, builds: true } : null };
  return policyFor([use, ...also], [whole ? { ...names, service: '*' } : names]);
};

/** The actions that each story calls when all are allowed. */
const asked = new Map<Story, ReadonlySet<string>>();

test.each(STORIES)('$name: the printed policy for $use allows everything that is called', async (story) => {
  const { ended, refused, stdout, stderr, asked: allowed } = await runStory(story, policyOf(story));
  asked.set(story, allowed);
  expect({ refused: [...refused], ended, output: ended ? '' : stdout + stderr }).toEqual({
    refused: [],
    ended: true,
    output: '',
  });
});

const OVER_HTTP =
  'the test listener of the stories speaks HTTP; the tests of the HTTPS test listener cover it';

const MADE_ON_INSTANCES = ['deploy', 'plan', 'rollback', 'reconcile'] as const;
const ON_FARGATE =
  'the stories run on Fargate; the tests of room and of hosts, and the demo on instances, cover it';
const NOTHING_TAKEN = 'no task is taken in the stories; the tests of tasks that are taken cover it';

/** Needs that no story here covers, by use. */
const NOT_PLAYED: Readonly<Record<string, { readonly uses: readonly Use[]; readonly why: string }>> = {
  'iam:PassRole InfrastructureRole': {
    uses: ['deploy', 'rollback', 'reconcile'],
    why: 'AWS does not document whether it is required',
  },
  'ecs:RegisterTaskDefinition PrivilegedTaskDefinition': {
    uses: ['deploy', 'rollback'],
    why: 'only a service with a privileged container needs it; the same call without it is played',
  },
  'ecs:ListServices ListsOfTheCluster': {
    uses: ['deploy', 'plan', 'rollback', 'reconcile', 'continue', 'abort', 'history'],
    why: 'status covers the code that looks for a service',
  },
  'ecs:ListClusters ReadsThatCannotBeNarrowed': {
    uses: ['deploy', 'plan', 'rollback', 'reconcile', 'continue', 'abort', 'history'],
    why: 'status covers the code that looks for a service',
  },
  ...Object.fromEntries(
    [
      'ecs:DescribeClusters Cluster',
      'ecs:ListContainerInstances Cluster',
      'ecs:DescribeContainerInstances Hosts',
      'ecs:DescribeCapacityProviders ReadsThatCannotBeNarrowed',
      'autoscaling:DescribeAutoScalingGroups ReadsThatCannotBeNarrowed',
      'ec2:DescribeInstanceTypes ReadsThatCannotBeNarrowed',
    ].map((need) => [need, { uses: MADE_ON_INSTANCES, why: ON_FARGATE }]),
  ),
  ...Object.fromEntries(
    [
      'elasticloadbalancing:ModifyListener ListenerRules',
      'elasticloadbalancing:ModifyRule ListenerRules',
    ].map((need) => [need, { uses: ['deploy', 'rollback'] as const, why: NOTHING_TAKEN }]),
  ),
  'ecs:ContinueServiceDeployment ServiceDeployments': {
    uses: ['continue'],
    why: 'the tests of a kept old revision cover it',
  },
  'cloudwatch:DescribeAlarms ReadsThatCannotBeNarrowed': {
    uses: ['reconcile'],
    why: 'the tests of the watch after a job cover it',
  },
  'acm:DescribeCertificate Certificates': { uses: ['deploy', 'plan'], why: OVER_HTTP },
  'elasticloadbalancing:DescribeListenerCertificates ReadsThatCannotBeNarrowed': {
    uses: ['deploy', 'plan'],
    why: OVER_HTTP,
  },
  'ecs:TagResource RollbackReasonOnTheTaskDefinition': { uses: ['rollback'], why: 'deploy covers it' },
  'logs:GetLogEvents LogOfAFailedTask': { uses: ['rollback'], why: 'deploy covers the diagnosis' },
};

const isPlayed = ({ action, statement }: Need, use: Use) =>
  !action.startsWith('ecr:') && !NOT_PLAYED[`${action} ${statement}`]?.uses.includes(use);

describe.each(USES)('%s', (use) => {
  test('without any one of its actions a story fails and names the action, or goes on with less, as documented', async () => {
    const stories = STORIES.filter((story) => story.use === use);
    const found: string[] = [];
    const said: string[] = [];
    for (const need of NEEDS.filter((each) => each.uses.includes(use) && isPlayed(each, use))) {
      const effects = new Set<string>();
      for (const story of stories) {
        if (!asked.get(story)?.has(need.action)) continue;
        const effect = await effectOf(need, story);
        if (effect !== null) effects.add(effect);
        if (effect === 'breaks' || effect === 'unnamed') break;
      }
      const worst = ['unnamed', 'breaks', 'goes on'].find((effect) => effects.has(effect)) ?? 'not called';
      found.push(`${need.statement} ${need.action}: ${worst}`);
      said.push(`${need.statement} ${need.action}: ${need.without === undefined ? 'breaks' : 'goes on'}`);
    }
    expect(found).toEqual(said);
  });
});

/** What happens in a story without this action; `null` if the story does not need it. */
async function effectOf(
  { action, statement, where = () => true }: Need,
  story: Story,
): Promise<string | null> {
  const policy = policyOf(story);
  if (!where(story.whole ? { ...WEB, service: '*' } : WEB)) return null;
  const Statement = policy.Statement.flatMap((each) => {
    if (each.Sid !== statement) return [each];
    const Action = [each.Action].flat().filter((other) => other !== action);
    return Action.length > 0 ? [{ ...each, Action }] : [];
  });
  const { ended, refused, stdout, stderr } = await runStory(story, { ...policy, Statement });
  if (refused.size === 0) return null;
  if (ended) return 'goes on';
  return `${stdout}${stderr}`.includes(action) ? 'breaks' : 'unnamed';
}

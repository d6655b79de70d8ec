import { describe, expect, jest, test } from '@jest/globals';
import { NEEDS, type Need, type Use, USES } from '../../src/commands/policy/needs.ts';
import { policyFor } from '../../src/commands/policy/policy.ts';
import type { PolicyDocument } from '../../src/commands/policy/document.ts';
import { runTrial, STORIES, type Story, WEB } from './policy-stories.ts';

// A hundred short stories.
jest.setTimeout(120_000);

const policyOf = ({ use, also = [], whole, repository }: Story): PolicyDocument => {
  const names = { ...WEB, repository: repository ? { name: repository, builds: true } : null };
  return policyFor([use, ...also], [whole ? { ...names, service: '*' } : names]);
};

/** What each story asks for, where it may do all that it needs. */
const asked = new Map<Story, ReadonlySet<string>>();

test.each(STORIES)('$name: the policy that is printed for $use is enough', async (story) => {
  const { ended, refused, stdout, stderr, ...told } = await runTrial(story, policyOf(story));
  asked.set(story, told.asked);
  expect({ refused: [...refused], ended, told: ended ? '' : stdout + stderr }).toEqual({
    refused: [],
    ended: true,
    told: '',
  });
});

/** Needed where nothing is played here, by use. */
const NOT_PLAYED: Readonly<Record<string, { readonly uses: readonly Use[]; readonly why: string }>> = {
  'iam:PassRole InfrastructureRole': {
    uses: ['deploy', 'rollback', 'reconcile'],
    why: 'whether AWS asks for it is not documented',
  },
  'ecs:ListServices ListsOfTheCluster': {
    uses: ['deploy', 'plan', 'rollback', 'reconcile', 'continue', 'abort', 'history'],
    why: 'the code that looks for a service is that of status',
  },
  'ecs:ListClusters ReadsThatCannotBeNarrowed': {
    uses: ['deploy', 'plan', 'rollback', 'reconcile', 'continue', 'abort', 'history'],
    why: 'the code that looks for a service is that of status',
  },
  'logs:GetLogEvents LogOfAFailedTask': { uses: ['rollback'], why: 'the diagnosis is that of deploy' },
};

const isPlayed = ({ action, statement }: Need, use: Use) =>
  !action.startsWith('ecr:') && !NOT_PLAYED[`${action} ${statement}`]?.uses.includes(use);

describe.each(USES)('%s', (use) => {
  test('without any one of its actions something breaks, and names it, or is worse as the documentation says', async () => {
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
      const worst = ['unnamed', 'breaks', 'goes on'].find((effect) => effects.has(effect)) ?? 'not asked for';
      found.push(`${need.statement} ${need.action}: ${worst}`);
      said.push(`${need.statement} ${need.action}: ${need.without === undefined ? 'breaks' : 'goes on'}`);
    }
    expect(found).toEqual(said);
  });
});

/** Of this action missing on that story; null: it makes no difference there. */
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
  const { ended, refused, stdout, stderr } = await runTrial(story, { ...policy, Statement });
  if (refused.size === 0) return null;
  if (ended) return 'goes on';
  return `${stdout}${stderr}`.includes(action) ? 'breaks' : 'unnamed';
}

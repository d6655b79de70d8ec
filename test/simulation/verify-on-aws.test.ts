import { PutCompositeAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, test } from '@jest/globals';
import { linearStepsStory } from '../conformance/assumptions/stories/linear-steps.ts';
import { refusalsStory } from '../conformance/assumptions/stories/strategies.ts';
import { playStory } from '../conformance/assumptions/story.ts';
import type { Place } from '../conformance/contract/contract.ts';
import { rehearse } from '../conformance/rehearsal.ts';
import { isGood, report } from '../conformance/report.ts';
import { taggedWith } from '../conformance/tagged.ts';
import { markOf } from '../conformance/verify.ts';

const NOTHING = { cases: [] };

describe('script/verify-on-aws, run against the sandbox', () => {
  test('reports what does not hold and what it saw, and removes everything', async () => {
    const verdict = await rehearse(
      { ...NOTHING, stories: [linearStepsStory] },
      { configurationWhileDeploying: 'refuse' },
    );
    const wrong = verdict.findings.filter(({ holds }) => !holds);
    expect(wrong).toContainEqual({
      check: 'configuration-while-deploying',
      holds: false,
      seen: 'InvalidParameterException',
    });
    expect(verdict.left).toEqual([]);
    expect(isGood(verdict)).toBe(false);
    expect(report(verdict)).toContain(
      '| configuration-while-deploying | does not hold | InvalidParameterException |',
    );
  });

  test('removes everything when it is interrupted during a story', async () => {
    const controller = new AbortController();
    const removed: string[] = [];
    const verdict = await rehearse({
      ...NOTHING,
      stories: [linearStepsStory, refusalsStory],
      signal: controller.signal,
      onProgress(line) {
        if (line.startsWith('story: ')) setImmediate(() => controller.abort());
        if (line.startsWith('removed ')) removed.push(line);
      },
    });
    expect(verdict.left).toEqual([]);
    expect(removed).toEqual(
      expect.arrayContaining([
        'removed service rehearsal/web',
        'removed load balancer rehearsal',
        'removed target group rehearsal-blue',
        'removed log group /rehearsal',
        'removed cluster rehearsal',
      ]),
    );
    expect(verdict.findings.at(-1)).toMatchObject({ holds: null, seen: 'Error: interrupted' });
    expect(isGood(verdict)).toBe(false);
  });

  test('removes only resources with its tag, not others with a similar name', async () => {
    const foreign = {
      name: 'logs: made by somebody else',
      async run({ logs, cloudWatch }: Place) {
        for (const client of [logs, cloudWatch]) client.middlewareStack.remove('mark');
        await logs.send(new CreateLogGroupCommand({ logGroupName: '/rehearsals' }));
        await cloudWatch.send(
          new PutCompositeAlarmCommand({ AlarmName: 'rehearsal-of-another', AlarmRule: 'TRUE' }),
        );
        for (const client of [logs, cloudWatch]) taggedWith(markOf('rehearsal'), client);
      },
    };
    const removed: string[] = [];
    const verdict = await rehearse({
      cases: [foreign],
      stories: [],
      onProgress: (line) => void (line.startsWith('removed ') && removed.push(line)),
    });
    expect(removed.filter((line) => /log group|alarm/.test(line))).toEqual(['removed log group /rehearsal']);
    expect(verdict.left).toEqual([]);
  });

  test('reports a contract case that fails', async () => {
    const fails = { name: 'sts: pigs fly', run: () => Promise.reject(new Error('they do not')) };
    const verdict = await rehearse({ cases: [fails], stories: [] });
    expect(report(verdict)).toContain('- sts: pigs fly (fails): they do not');
    expect(isGood(verdict)).toBe(false);
  });
});

test('a story that fails leaves its other checks open, with the cause', async () => {
  const story = {
    name: 'breaks',
    minutes: 1,
    checks: ['first', 'second'],
    async play(_: unknown, note: (check: string, holds: boolean, seen: string) => void) {
      note('first', true, 'fine');
      throw new Error('AWS is away');
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the story does not look at its stage
  expect(await playStory(story, {} as never)).toEqual([
    { check: 'first', holds: true, seen: 'fine' },
    { check: 'second', holds: null, seen: 'Error: AWS is away' },
  ]);
});

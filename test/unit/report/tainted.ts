import type { Event, NewEvent } from '../../../src/core/trail/event.ts';
import { ARNS, begun, found, taskDefinitionReady } from './trails/telling.ts';

const at = Date.UTC(2026, 10, 21, 14, 5, 9);

/** Inserts one foreign text everywhere that foreign text can occur. */
export function tainted(text: string): Event[] {
  const happenings: NewEvent[] = [
    { ...begun, service: text, cluster: text, commit: text, actor: text, repositoryUrl: text, runUrl: text },
    { ...found, taskDefinitionArn: `${ARNS.before}${text}` },
    { kind: 'pushed', image: `registry/${text}@${text}`, digest: text, tags: [text, text], took: 1 },
    { ...taskDefinitionReady, changes: [{ path: text, before: text, after: text }] },
    {
      kind: 'rollout-started',
      serviceDeploymentArn: text,
      adopted: false,
      steps: [10, 100],
      hookTimeout: 1,
      canaryTargetGroup: text,
      stableTargetGroup: text,
    },
    { kind: 'smoke-tested', url: text, expected: 200, passed: 0, of: 1, problem: text },
    { kind: 'step-started', percent: 10, deadline: at },
    { kind: 'step-passed', percent: 10, because: text, took: 1 },
    {
      kind: 'diagnosed',
      serviceEvents: [{ at, message: text }],
      stoppedTasks: [
        {
          taskArn: text,
          stoppedAt: at,
          stopCode: text,
          reason: text,
          containers: [{ name: text, exitCode: 1, reason: text }],
        },
      ],
      log: { source: text, lines: [text], group: text },
    },
    { kind: 'notice', level: 'warning', message: text },
    {
      kind: 'finished',
      outcome: 'dirty',
      reason: text,
      took: 1,
      canaryPercent: null,
      oldRevisionUntil: null,
    },
  ];
  return happenings.map((event) => ({ ...event, at }));
}

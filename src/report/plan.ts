import type { TaskDefinitionChange, Event } from '../core/trail/event.ts';
import { storyEnd, storyOf } from './story.ts';

/** The result of a dry run, for programs. Durations are in seconds. */
export interface Plan {
  readonly service: string | null;
  readonly cluster: string | null;
  readonly region: string | null;
  /** `false` if the release cannot be deployed. */
  readonly possible: boolean;
  /** Everything that prevents the deployment, each with its fix. */
  readonly problems: readonly string[];
  /** Warnings and notices. */
  readonly notices: readonly string[];
  readonly image: string | null;
  readonly taskDefinition: {
    /** The task definition that the service runs. */
    readonly current: string;
    readonly container: string;
    /** `true` if no revision would be registered. */
    readonly unchanged: boolean;
    readonly changes: readonly TaskDefinitionChange[];
  } | null;
  readonly rollout: {
    readonly steps: readonly number[];
    readonly bakeTime: number;
    readonly stepTimeout: number;
    readonly keepOld: number;
    /** As text. */
    readonly smokeTests: readonly string[];
    readonly gates: readonly string[];
  } | null;
}

export function planOf(events: readonly Event[]): Plan {
  const story = storyOf(events);
  const { started, taskDefinition, planned, notices } = story;
  const { outcome, reason } = storyEnd(story);
  const possible = outcome === 'unchanged';
  const errors = notices.filter(({ level }) => level === 'error').map(({ message }) => message);
  return {
    service: started?.service ?? null,
    cluster: started?.cluster ?? null,
    region: started?.region ?? null,
    possible,
    problems: possible || errors.length > 0 ? errors : [reason],
    notices: notices.filter(({ level }) => level !== 'error').map(({ message }) => message),
    image: taskDefinition?.image ?? null,
    taskDefinition: taskDefinition && {
      current: taskDefinition.taskDefinitionArn,
      container: taskDefinition.containerName,
      unchanged: taskDefinition.unchanged,
      changes: taskDefinition.changes,
    },
    rollout: planned && {
      steps: planned.steps,
      bakeTime: planned.bakeTime / 1_000,
      stepTimeout: planned.stepTimeout / 1_000,
      keepOld: planned.keepOld / 1_000,
      smokeTests: planned.smokeTests,
      gates: planned.gates ?? [],
    },
  };
}

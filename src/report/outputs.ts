import type { Event } from '../core/trail/event.ts';
import { serviceDeploymentsUrl } from './console-links.ts';
import { plainText } from '../core/plain-text.ts';
import { storyEnd, storyOf } from './story.ts';

export interface ReportFiles {
  readonly eventsFile: string;
  readonly summaryFile: string;
  readonly recordingFile: string;
}

/** All outputs of the action; empty if not known. Times are ISO 8601, UTC. */
export function outputs(events: readonly Event[], files: ReportFiles) {
  const story = storyOf(events);
  const { taskDefinition, returning, rollout, inspected, finished, started } = story;
  const { outcome, reason } = storyEnd(story);
  const image = story.pushed?.image ?? taskDefinition?.image ?? '';
  const serviceArn = rollout?.serviceDeploymentArn ?? inspected?.serviceArn;
  return {
    outcome,
    reason: plainText(reason),
    image,
    'image-digest': story.pushed?.digest ?? image.split('@')[1] ?? '',
    'task-definition-arn':
      finished?.canary ?? taskDefinition?.taskDefinitionArn ?? returning?.to.taskDefinitionArn ?? '',
    'previous-task-definition-arn':
      taskDefinition?.previousTaskDefinitionArn ??
      returning?.from?.taskDefinitionArn ??
      inspected?.taskDefinitionArn ??
      '',
    'service-deployment-arn': rollout?.serviceDeploymentArn ?? returning?.serviceDeploymentArn ?? '',
    'canary-percent': finished?.canaryPercent?.toString() ?? '',
    'events-file': files.eventsFile,
    'summary-file': files.summaryFile,
    'recording-file': story.evaluation ? files.recordingFile : '',
    'started-at': started ? new Date(started.at).toISOString() : '',
    'finished-at': finished ? new Date(finished.at).toISOString() : '',
    'console-url': (serviceArn && serviceDeploymentsUrl(serviceArn)) ?? '',
  } satisfies Record<string, string>;
}

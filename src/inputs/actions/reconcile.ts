import { defineAction } from '../action.ts';
import { awsInputs, configInputs, retentionInputs, runInputs } from '../definitions.ts';
import { list } from '../types/list.ts';
import { ecsName, path } from '../types/text.ts';
import { inputIssue, type Issue } from '../issue.ts';

const cluster = ecsName('an ECS cluster');
const service = ecsName('an ECS service');

/** Meant for a schedule: finishes or undoes what runs that died left on services. */
export const reconcileAction = defineAction({
  title: 'ecs-ramp reconcile',
  description:
    'Finds what runs of ecs-ramp that died left on ECS services, and finishes or undoes it. Meant for a schedule.',
  folder: 'reconcile',
  inputs: {
    'Where to look': {
      config: {
        description:
          'Path of ecs-ramp.yml, relative to the workspace: then its services are looked at, each where that file says (cluster, aws-region, role-to-assume), and as much is kept of each as it says. Default: none is read.',
        kind: path,
        default: null,
      },
      environment: configInputs.environment,
      cluster: {
        description:
          'Names of the ECS clusters, separated by commas or newlines; not together with config. Default: default.',
        kind: list(cluster, { allowed: `names of clusters (${cluster.allowed})` }),
        default: null,
      },
      service: {
        description:
          'Names of services to look at, in each of the clusters or in that file, separated by commas or newlines. Default: every service.',
        kind: list(service, { allowed: `names of services (${service.allowed})` }),
        default: null,
      },
    },
    'Cleaning up': retentionInputs,
    AWS: awsInputs,
    'The run': {
      'dry-run': {
        description: 'Only tell what would be done. true or false. Default: false.',
        kind: runInputs['dry-run'].kind,
        default: 'false',
      },
    },
  },
  rules: [clusterOrConfig, imagesByConfig],
  outputs: {
    state:
      'The worst of all services: dirty (a person is needed; the job is red), undone, finished, in progress, or clean.',
    services:
      'What became of each service, as JSON: a list of objects with cluster, service, state and reason.',
    'deregistered-task-definitions': 'ARNs of the revisions that were deregistered, as a JSON array.',
    'deleted-images': 'The images that were deleted, REPOSITORY@sha256:DIGEST, as a JSON array.',
  },
});

interface Where {
  readonly values: {
    readonly config: string | null;
    readonly cluster: readonly string[] | null;
    readonly 'keep-images': number | null;
  };
}

function* clusterOrConfig({ values: { config, cluster } }: Where): Iterable<Issue> {
  if (config === null || cluster === null) return;
  yield inputIssue('cluster', {
    problem: `${config} says in which cluster each service is`,
    fix: 'leave out cluster or config',
  });
}

function* imagesByConfig({ values: { config, 'keep-images': images } }: Where): Iterable<Issue> {
  if (config !== null || images === null) return;
  yield inputIssue('keep-images', {
    given: String(images),
    problem: 'only ecs-ramp.yml says which repository the images of a service are in',
    fix: 'give config, or leave it out',
  });
}

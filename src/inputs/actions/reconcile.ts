import { defineAction } from '../action.ts';
import { awsInputs, configInputs, retentionInputs, runInputs } from '../definitions.ts';
import { list } from '../types/list.ts';
import { ecsName, path } from '../types/text.ts';
import { inputIssue, type Issue } from '../issue.ts';

const cluster = ecsName('an ECS cluster');
const service = ecsName('an ECS service');

/** Finishes or undoes the rollouts of runs that died. Meant to run on a schedule. */
export const reconcileAction = defineAction({
  title: 'ecs-ramp reconcile',
  description:
    'Finds ECS services with an unfinished rollout of an ecs-ramp run that died, and finishes or undoes it. Fails if a service differs from its last release. Meant to run on a schedule.',
  folder: 'reconcile',
  inputs: {
    Services: {
      config: {
        description:
          'Path of ecs-ramp.yml, relative to the workspace. The services in it are checked with the cluster, aws-region, role-to-assume, keep-revisions and keep-images that the file sets for each. Default: no file is read.',
        type: path,
        default: null,
      },
      environment: configInputs.environment,
      cluster: {
        description:
          'Names of the ECS clusters, separated by commas or newlines. Not allowed together with config. Default: default.',
        type: list(cluster, { allowed: `names of clusters (${cluster.allowed})` }),
        default: null,
      },
      service: {
        description:
          'Names of the services to check, in each of the clusters or in ecs-ramp.yml, separated by commas or newlines. Default: every service.',
        type: list(service, { allowed: `names of services (${service.allowed})` }),
        default: null,
      },
    },
    Cleanup: retentionInputs,
    AWS: awsInputs,
    Run: {
      repair: {
        description:
          'Whether to correct listener rules that send traffic of a service to a target group without targets, if it is clear where the traffic belongs. true or false. Default: false.',
        type: runInputs['dry-run'].type,
        default: 'false',
      },
      'dry-run': {
        description: 'Whether to report only what would be done. true or false. Default: false.',
        type: runInputs['dry-run'].type,
        default: 'false',
      },
    },
  },
  rules: [clusterOrConfig, imagesByConfig],
  outputs: {
    state:
      'Worst state of all services: dirty (manual action is required; the job fails), undone, repaired, finished, in progress, or clean.',
    services: 'Result for each service, as JSON: a list of objects with cluster, service, state and reason.',
    'deregistered-task-definitions': 'ARNs of the deregistered task definition revisions, as a JSON array.',
    'deleted-images': 'Deleted images, REPOSITORY@sha256:DIGEST, as a JSON array.',
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
    problem: `${config} sets the cluster of each service`,
    fix: 'leave out cluster or config',
  });
}

function* imagesByConfig({ values: { config, 'keep-images': images } }: Where): Iterable<Issue> {
  if (config !== null || images === null) return;
  yield inputIssue('keep-images', {
    given: String(images),
    problem: 'only ecs-ramp.yml sets the image repository of a service',
    fix: 'give config, or remove keep-images',
  });
}

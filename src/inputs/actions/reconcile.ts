import { defineAction } from '../action.ts';
import { access, run } from '../definitions.ts';
import { list } from '../kinds/list.ts';
import { ecsName } from '../kinds/text.ts';
import { wholeNumber } from '../kinds/whole-number.ts';

const cluster = ecsName('an ECS cluster');
const service = ecsName('an ECS service');

/** Meant for a schedule: finishes or undoes what runs that died left on services. */
export const reconcile = defineAction({
  title: 'ecs-ramp reconcile',
  description:
    'Finds what runs of ecs-ramp that died left on ECS services, and finishes or undoes it. Meant for a schedule.',
  folder: 'reconcile',
  inputs: {
    'Where to look': {
      cluster: {
        description: 'Names of the ECS clusters, separated by commas or newlines. Default: default.',
        kind: list(cluster, { allowed: `names of clusters (${cluster.allowed})` }),
        default: 'default',
      },
      service: {
        description:
          'Names of services to look at, in each of the clusters, separated by commas or newlines. Default: every service.',
        kind: list(service, { allowed: `names of services (${service.allowed})` }),
        default: null,
      },
    },
    'Cleaning up': {
      'keep-revisions': {
        description:
          'How many of the newest task definition revisions of each service stay, 2 to 1000; older ones that ecs-ramp registered and nothing in the region uses are deregistered, twenty at a time. Default: all stay.',
        kind: wholeNumber({ from: 2, to: 1_000 }),
        default: null,
      },
    },
    AWS: access,
    'The run': {
      'dry-run': {
        description: 'Only tell what would be done. true or false. Default: false.',
        kind: run['dry-run'].kind,
        default: 'false',
      },
    },
  },
  outputs: {
    state:
      'The worst of all services: dirty (a person is needed; the job is red), undone, finished, in progress, or clean.',
    services:
      'What became of each service, as JSON: a list of objects with cluster, service, state and reason.',
    'deregistered-task-definitions': 'ARNs of the revisions that were deregistered, as a JSON array.',
  },
});

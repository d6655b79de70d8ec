import { defineAction } from '../action.ts';
import { awsInputs, buildInputs as inputs } from '../definitions.ts';
import { buildRules, chainingNeedsARole } from '../rules.ts';
import { mainAction } from './main.ts';

/** The image alone. */
export const buildAction = defineAction({
  title: 'ecs-ramp build',
  description:
    'Builds an image and pushes it to Amazon ECR or another registry, once for each commit, and says its digest.',
  folder: 'build',
  inputs: {
    'What is built': {
      ...inputs,
      repository: {
        description:
          "The image's name inside the registry, without host and tag, such as shop/web. Required.",
        kind: inputs.repository.kind,
        default: null,
        required: 'name the repository that the image is pushed to',
      },
    },
    AWS: awsInputs,
  },
  rules: [...buildRules, chainingNeedsARole],
  outputs: {
    image: 'The image by digest, NAME@sha256:DIGEST: what ecs-ramp/deploy takes.',
    'image-digest': mainAction.outputs['image-digest'],
    tags: 'All tags of the image, one a line.',
    reused:
      'true if the repository, whose tags cannot be moved, had an image of this commit already, so that nothing was built; else false.',
  },
});

import { defineAction } from '../action.ts';
import { awsInputs, buildInputs as inputs } from '../definitions.ts';
import { buildRules, chainingNeedsARole } from '../rules.ts';
import { mainAction } from './main.ts';

/** Builds and pushes the image without a deployment. */
export const buildAction = defineAction({
  title: 'ecs-ramp build',
  description:
    'Builds an image and pushes it to Amazon ECR or another registry, once per commit, and outputs its digest.',
  folder: 'build',
  inputs: {
    'Image build': {
      ...inputs,
      repository: {
        description:
          'Name of the image inside the registry, without host and tag, such as shop/web. Required.',
        type: inputs.repository.type,
        default: null,
        required: 'name the repository that the image is pushed to',
      },
    },
    AWS: {
      ...awsInputs,
      'allowed-account-ids': {
        ...awsInputs['allowed-account-ids'],
        description:
          'The AWS accounts that may be used, separated by commas. With credentials of another account, the job fails before it reads or changes anything in AWS. Not checked if registry is given, because such a build uses nothing of AWS. Default: any.',
      },
    },
  },
  rules: [...buildRules, chainingNeedsARole],
  outputs: {
    image: 'Image by digest, NAME@sha256:DIGEST, for the input image of ecs-ramp/deploy.',
    'image-digest': mainAction.outputs['image-digest'],
    tags: 'Tags of the image, one per line.',
    reused:
      'true if nothing was built: the repository already contained an image of this commit with an immutable tag or, with reuse-image, an image of the same files. Otherwise false.',
  },
});

import type { DescribeTaskDefinitionCommandOutput, ECSClient } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { tagsOf, type Provenance } from '../ecs/provenance.ts';
import type { Notice } from '../../core/trail/event.ts';
import { register } from './register.ts';
import { registrable } from './render.ts';

interface Again {
  /** The answer of DescribeTaskDefinition, with tags. */
  readonly described: DescribeTaskDefinitionCommandOutput;
  readonly provenance: Provenance;
  readonly ecs: ECSClient;
  readonly tell: (event: Notice) => void;
  readonly signal: AbortSignal;
}

/**
 * ECS starts no tasks of a deregistered task definition, but still describes it. Registers the same
 * content as a new revision, with tags for its provenance and for the revision that it repeats.
 * Returns its ARN. Rejects with UserError.
 */
export async function registerAgain({ described, provenance, ...rest }: Again): Promise<string> {
  const { taskDefinition = {}, tags = [] } = described;
  const { family, revision } = taskDefinition;
  const name = `${family}:${revision}`;
  const arn = await register(registrable({ ...taskDefinition, tags }), {
    ...rest,
    provenance: tagsOf({ ...provenance, returnTo: name }),
  });
  const message = `Task definition ${name} was deregistered: its content is registered again as ${nameOfArn(arn)}.`;
  rest.tell({ kind: 'notice', level: 'notice', message });
  return arn;
}

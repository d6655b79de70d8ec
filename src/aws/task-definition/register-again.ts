import type { DescribeTaskDefinitionCommandOutput, ECSClient } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { tagsOf, type Provenance } from '../ecs/provenance.ts';
import type { Notice } from '../../core/trail/event.ts';
import { register } from './register.ts';
import { registrable } from './render.ts';

interface Again {
  /** With its tags, as DescribeTaskDefinition gave it. */
  readonly described: DescribeTaskDefinitionCommandOutput;
  readonly provenance: Provenance;
  readonly ecs: ECSClient;
  readonly tell: (event: Notice) => void;
  readonly signal: AbortSignal;
}

/**
 * ECS starts no tasks of a task definition that was deregistered, but still tells what it was: the same content is registered
 * as a new revision, which says where it comes from and what it stands for. Returns its ARN. Rejects with UserError.
 */
export async function registerAgain({ described, provenance, ...rest }: Again): Promise<string> {
  const { taskDefinition = {}, tags = [] } = described;
  const { family, revision } = taskDefinition;
  const name = `${family}:${revision}`;
  const arn = await register(registrable({ ...taskDefinition, tags }), {
    ...rest,
    provenance: tagsOf({ ...provenance, returnTo: name }),
  });
  const message = `Task definition ${name} was deregistered: its content is registered again, as ${nameOfArn(arn)}.`;
  rest.tell({ kind: 'notice', level: 'notice', message });
  return arn;
}

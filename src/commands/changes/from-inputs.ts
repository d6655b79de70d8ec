import type { Asked } from '../../inputs/rule.ts';
import type { changes } from '../../inputs/actions/changes.ts';
import { branchOf, occasionOf } from './occasion.ts';
import type { ChangesRequest } from './changes.ts';

/** What the inputs and the event that started the workflow ask for. */
export async function changesAsked({
  values,
  environment,
  workspace,
}: Asked<(typeof changes)['definitions']>): Promise<ChangesRequest> {
  const occasion = await occasionOf(environment);
  return {
    config: values.config,
    workspace,
    occasion,
    base: values.base,
    head: values.head,
    environment: values.environment,
    branch: branchOf(environment, occasion),
  };
}

import type { ParsedInputs } from '../../inputs/rule.ts';
import type { changesAction } from '../../inputs/actions/changes.ts';
import { branchOf, readOccasion } from './occasion.ts';
import type { ChangesRequest } from './changes.ts';

/** The request, from the inputs and the event that started the workflow. */
export async function changesRequest({
  values,
  environment,
  workspace,
}: ParsedInputs<(typeof changesAction)['definitions']>): Promise<ChangesRequest> {
  const occasion = await readOccasion(environment);
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

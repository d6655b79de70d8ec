import type { Model } from './model.ts';
import type { Caller } from './service.ts';

export const sandboxPrincipal = (account: string) => `arn:aws:sts::${account}:assumed-role/sandbox/session`;

/** AWS's message for a missing permission. */
export function accessDenied(call: {
  readonly model: Model;
  readonly operation: string;
  readonly input: unknown;
  readonly caller: Caller;
}): string {
  const action = `${call.model.actionPrefix}:${call.operation}`;
  return denied({ action, resource: resource(call.model, call.input, call.caller) }, call.caller.account);
}

/** The same for a known permission. */
export function denied(
  { action, resource: on }: { readonly action: string; readonly resource: string },
  account: string,
): string {
  return (
    `User: ${sandboxPrincipal(account)} is not authorized to perform: ${action} ` +
    `on resource: ${on} because no identity-based policy allows the ${action} action`
  );
}

function resource(model: Model, input: unknown, { region, account }: Caller): string {
  const members = Object.entries(typeof input === 'object' && input !== null ? input : {});
  const text = new Map(members.filter((member): member is [string, string] => typeof member[1] === 'string'));
  const prefix = `arn:aws:${model.actionPrefix}:${region}:${account}:`;
  const service = text.get('service') ?? text.get('serviceName');
  if (service?.startsWith('arn:') === false) {
    const cluster = text.get('cluster')?.split('/').at(-1) ?? 'default';
    return `${prefix}service/${cluster}/${service}`;
  }
  const repository = text.get('repositoryName');
  if (repository !== undefined) return `${prefix}repository/${repository}`;
  const arn = [...text].find(([name, value]) => /arn$/i.test(name) && value.startsWith('arn:'))?.[1];
  return service ?? arn ?? '*';
}

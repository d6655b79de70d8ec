import type { Clients, sharedOptions } from '../clients.ts';
import { mayPass } from '../errors.ts';
import { callerIdentity } from './caller-identity.ts';
import { UserError } from '../../core/failure.ts';

/**
 * The clients, which are given out only if their credentials belong to one of these accounts. AWS is
 * asked once; the call needs no permission. `clientConfig`: the options of the clients.
 */
export function onlyInAccounts(
  clients: Clients,
  accounts: readonly string[],
  clientConfig: ReturnType<typeof sharedOptions>,
): Clients {
  let checked: Promise<void> | undefined;
  const check = () =>
    (checked ??= checkAccount(accounts, clientConfig).catch((error: unknown) => {
      // An answer that was lost must not prevent all later calls.
      if (mayPass(error)) checked = undefined;
      throw error;
    }));
  const { patient, ...others } = clients;
  return { ...guarded(others, check), ...(patient && { patient: guarded(patient, check) }) };
}

async function checkAccount(
  accounts: readonly string[],
  clientConfig: ReturnType<typeof sharedOptions>,
): Promise<void> {
  const { account, arn } = await callerIdentity(clientConfig);
  if (account !== null && accounts.includes(account)) return;
  throw new UserError(
    `allowed-account-ids: the credentials belong to account ${account ?? 'unknown'} (${arn ?? 'unknown'}), and only ${accounts.join(', ')} may be used. Nothing was changed. Correct role-to-assume or the credentials of the job, or add ${account ?? 'it'}.`,
  );
}

function guarded(clients: Clients, check: () => Promise<void>): Clients {
  const after =
    <Args extends readonly unknown[], Client>(make: (...args: Args) => Promise<Client>) =>
    async (...args: Args): Promise<Client> => {
      await check();
      return make(...args);
    };
  return {
    acm: after(clients.acm),
    applicationAutoScaling: after(clients.applicationAutoScaling),
    autoScaling: after(clients.autoScaling),
    ec2: after(clients.ec2),
    ecs: after(clients.ecs),
    ecr: after(clients.ecr),
    elasticLoadBalancing: after(clients.elasticLoadBalancing),
    cloudWatch: after(clients.cloudWatch),
    cloudWatchLogs: after(clients.cloudWatchLogs),
    serviceQuotas: after(clients.serviceQuotas),
  };
}

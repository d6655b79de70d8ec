import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SHOP, type ShopService } from '../../examples/stack.ts';
import { type Policy, readPolicy } from '../../sandbox/iam/policy.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');

/**
 * The output of the bundled `ecs-ramp policy` for a service of the shop's ecs-ramp.yml. Rejects
 * with its error output.
 */
export async function printedPolicy(
  service: ShopService,
  of: { readonly account: string; readonly region: string; readonly infrastructureRole: string },
): Promise<Policy> {
  const args = ['--config', 'ecs-ramp.yml', '--service', service, '--environment', 'production'];
  const place = ['--account', of.account, '--aws-region', of.region];
  const role = ['--infrastructure-role', of.infrastructureRole];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [CLI, 'policy', ...args, ...place, ...role],
    { cwd: SHOP },
  );
  return readPolicy(stdout);
}

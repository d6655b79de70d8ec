import { deepEqual, equal, ok } from 'node:assert/strict';
import { systemClock } from '../../../src/core/time/clock.ts';
import { createAws } from '../aws.ts';
import type { AwsOptions } from '../aws.ts';
import { cleanUp, leftovers } from '../stack/clean-up.ts';
import { prepareGround } from '../stack/ground.ts';
import { markOf } from '../verify.ts';

/**
 * Creates, finds and removes the roles and the security group of script/verify-on-aws, and checks
 * that those of another run remain. Runs on moto, because the sandbox has no IAM and no EC2.
 */
export async function tryGround(options: AwsOptions): Promise<void> {
  const [own, other] = [markOf('ground-a'), markOf('ground-b')];
  const aws = createAws(options, own);
  await prepareGround(createAws(options, other), other, {});
  const ground = await prepareGround(aws, own, {});
  equal(ground.subnets.length, 2);
  ok(ground.infrastructureRole.includes(':role/ecs-ramp-verify/ground-a-infrastructure'));

  const named = async (mark: typeof own) =>
    (await leftovers(aws, mark, true)).map(({ what }) => what).toSorted();
  deepEqual(await named(own), [
    'role ground-a-execution',
    'role ground-a-infrastructure',
    'security group ground-a-group',
  ]);
  deepEqual(await cleanUp({ aws, mark: own, clock: systemClock, withGround: true }, () => {}), []);
  equal((await named(other)).length, 3);
  await cleanUp({ aws, mark: other, clock: systemClock, withGround: true }, () => {});
}

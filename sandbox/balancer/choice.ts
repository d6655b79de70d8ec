import type { ForwardAction, Target } from '../ports.ts';

export type Group = ForwardAction['groups'][number];

export interface Choice {
  readonly group: Group;
  /** `null` when the group has no target. As on AWS, no other group is used instead. */
  readonly target: Target | null;
  /** Values of Set-Cookie for stickiness. */
  readonly cookies: readonly string[];
}

const GROUP_COOKIE = 'AWSALBTG';
const TARGET_COOKIE = 'AWSALB';

/**
 * Chooses targets: by the client's cookie, otherwise by weight between groups and in turn within a
 * group.
 */
export function createChooser({ random, now }: { random: () => number; now: () => number }) {
  const turns = new Map<string, number>();

  function nextInTurn({ targetGroupArn, targets }: Group): Target | null {
    const turn = turns.get(targetGroupArn) ?? 0;
    turns.set(targetGroupArn, turn + 1);
    return targets[turn % targets.length] ?? null;
  }

  function cookie(name: string, place: string, lifetime: number): string {
    return `${name}=${encode(place)}; Expires=${new Date(now() + lifetime).toUTCString()}; Path=/`;
  }

  /** @returns `null` when every weight is zero. */
  return function choose(action: ForwardAction, cookieHeader: string | undefined): Choice | null {
    const { groups, groupStickiness } = action;
    // A sticky client keeps its group even when the weight of the group becomes zero.
    const stuckGroup =
      groupStickiness === null
        ? undefined
        : groups.find(({ targetGroupArn }) => hasCookie(cookieHeader, GROUP_COOKIE, targetGroupArn));
    const group = stuckGroup ?? byWeight(groups, random());
    if (!group) return null;

    const { targetStickiness } = group;
    const stuckTarget =
      targetStickiness === null
        ? undefined
        : group.targets.find((target) => hasCookie(cookieHeader, TARGET_COOKIE, nameOf(group, target)));
    const target = stuckTarget ?? nextInTurn(group);

    const cookies: string[] = [];
    if (groupStickiness !== null) cookies.push(cookie(GROUP_COOKIE, group.targetGroupArn, groupStickiness));
    if (targetStickiness !== null && target) {
      cookies.push(cookie(TARGET_COOKIE, nameOf(group, target), targetStickiness));
    }
    return { group, target, cookies };
  };
}

function byWeight(groups: readonly Group[], random: number): Group | null {
  let left = random * groups.reduce((total, { weight }) => total + weight, 0);
  for (const group of groups) {
    if (group.weight > 0 && left < group.weight) return group;
    left -= group.weight;
  }
  return null;
}

function nameOf({ targetGroupArn }: Group, { id, port }: Target): string {
  return `${targetGroupArn} ${id}:${port}`;
}

function hasCookie(header: string | undefined, name: string, place: string): boolean {
  return header?.split(/;\s*/).includes(`${name}=${encode(place)}`) ?? false;
}

function encode(place: string): string {
  return Buffer.from(place).toString('base64url');
}

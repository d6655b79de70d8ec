import {
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import type { Clients } from '../../../aws/clients.ts';
import { isFargate } from '../../../aws/ecs/fargate.ts';
import { errorText } from '../../../core/failure.ts';
import type { RolloutRequest } from '../../../core/request.ts';
import type { Clock } from '../../../core/time/clock.ts';
import type { Notice } from '../../../core/trail/event.ts';
import { strategyFor } from '../../strategies/strategies.ts';
import { ownConfigurationOf } from '../../traffic/saved-configuration.ts';
import { readAddresses } from './addresses.ts';
import { readInstances } from './instances.ts';
import { extraTasks, type RoomSaid } from './room.ts';
import { needOfTask } from './task-need.ts';
import { readVcpuQuota } from './vcpu-quota.ts';

export type RoomClients = Pick<Clients, 'ecs' | 'ec2' | 'autoScaling' | 'serviceQuotas' | 'cloudWatch'>;

export interface RoomChecked {
  /** With `on-no-room: fail`, why the release would wait for room. */
  readonly problems: readonly string[];
  readonly notices: readonly Notice[];
}

/**
 * Checks before the build whether there is room for the new tasks: on the cluster's instances or in
 * Fargate's quota, and addresses in the subnets. ECS decides in the end, so a shortage is a warning by
 * default, and a read that fails hinders nothing. Never rejects.
 */
export async function checkRoom(
  clients: RoomClients,
  service: Service,
  { rollout, clock }: { readonly rollout: RolloutRequest; readonly clock: Pick<Clock, 'now'> },
): Promise<RoomChecked> {
  const strategy = strategyFor(rollout.strategy, service).name;
  const wanted = extraTasks(strategy, service.desiredCount ?? 0, ownConfigurationOf(service));
  if (wanted === 0) return { problems: [], notices: [] };
  const unread: string[] = [];
  const onUnread = (reason: unknown) => void unread.push(errorText(reason));
  const read = await Promise.allSettled([
    clients.ec2().then((ec2) => readAddresses(ec2, service, wanted)),
    readPlaces(clients, service, { wanted, now: clock.now(), onUnread }),
  ]);
  for (const each of read) if (each.status === 'rejected') onUnread(each.reason);
  const said = read.flatMap((each) => (each.status === 'fulfilled' ? (each.value ?? []) : []));
  const fails = (each: RoomSaid) => each.isShort && rollout.onNoRoom === 'fail';
  return {
    problems: said.filter(fails).map(({ message }) => `on-no-room is fail: ${message}`),
    notices: [
      ...said
        .filter((each) => !fails(each))
        .map(({ isShort, message }) => noticed(isShort ? 'warning' : 'notice', message)),
      ...(unread.length === 0
        ? []
        : [
            noticed(
              'notice',
              `Whether there is room for the new tasks was not fully checked: ${unread.join(' ')}`,
            ),
          ]),
    ],
  };
}

interface PlacesRead {
  readonly wanted: number;
  readonly now: number;
  readonly onUnread: (reason: unknown) => void;
}

/** On the instances of the cluster, or in Fargate's quota. */
async function readPlaces(
  clients: RoomClients,
  service: Service,
  { wanted, now, onUnread }: PlacesRead,
): Promise<RoomSaid | null> {
  const ecs = await clients.ecs();
  const [names, { taskDefinition }] = await Promise.all([
    providersOf(ecs, service),
    ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition })),
  ]);
  const need = needOfTask(taskDefinition!);
  if (!isFargate(service.launchType, names)) {
    const { ec2, autoScaling } = clients;
    return readInstances({ ec2, ecs, autoScaling }, service, { ...need, wanted, names }, onUnread);
  }
  const [serviceQuotas, cloudWatch] = await Promise.all([clients.serviceQuotas(), clients.cloudWatch()]);
  const vCpus = (wanted * need.cpu) / UNITS_OF_A_VCPU;
  return readVcpuQuota({ serviceQuotas, cloudWatch }, names, { tasks: wanted, vCpus }, now);
}

const UNITS_OF_A_VCPU = 1_024;

/** The capacity providers of a service; empty when it has a launch type. */
async function providersOf(ecs: ECSClient, service: Service): Promise<readonly string[]> {
  const own = (service.capacityProviderStrategy ?? []).flatMap(
    ({ capacityProvider }) => capacityProvider ?? [],
  );
  if (own.length > 0 || service.launchType !== undefined) return own;
  const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [service.clusterArn!] }));
  const strategy = clusters?.[0]?.defaultCapacityProviderStrategy ?? [];
  return strategy.flatMap(({ capacityProvider }) => capacityProvider ?? []);
}

function noticed(level: Notice['level'], message: string): Notice {
  return { kind: 'notice', level, message };
}

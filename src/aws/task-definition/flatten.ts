import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { isObject } from '../../core/is-object.ts';

/**
 * Converts a task definition to a map from path to value. Two task definitions that mean the same
 * to ECS give equal maps: defaults that ECS fills in are omitted, entries are identified by name,
 * and order matters only where it matters to ECS.
 */
export function flatten(definition: RegisterTaskDefinitionCommandInput): ReadonlyMap<string, string> {
  const portsAreShared = definition.networkMode === 'awsvpc' || definition.networkMode === 'host';
  const containerDefinitions = portsAreShared
    ? definition.containerDefinitions?.map(withoutFilledInHostPorts)
    : definition.containerDefinitions;
  return new Map(leaves({ ...definition, containerDefinitions }, { path: '', key: '', within: '' }));
}

interface Place {
  readonly path: string;
  /** The name of the member, and of the member that contains it. */
  readonly key: string;
  readonly within: string;
}

type Leaf = readonly [path: string, value: string];

function* leaves(value: unknown, place: Place): Generator<Leaf> {
  const { path, key, within } = place;
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) yield* leavesOfList(value, place);
  else if (isObject(value)) yield* leavesOfMembers(value, place);
  // ECS treats false as absent, except for members whose default is true.
  else if (value !== (FILLED_IN[`${within}.${key}`] ?? false)) yield [path, inUnits(asText(value), place)];
}

function* leavesOfMembers(members: Members, { path, key: within }: Place): Generator<Leaf> {
  for (const [key, value] of Object.entries(members)) {
    yield* leaves(value, { path: path === '' ? key : `${path}.${key}`, key, within });
  }
}

function* leavesOfList(list: readonly unknown[], { path, key }: Place): Generator<Leaf> {
  if (list.length > 0 && !list.every(isObject)) {
    yield [path, JSON.stringify(UNORDERED.has(key) ? list.map(asText).sort() : list)];
    return;
  }
  const uses = new Map<string, number>();
  for (const [index, entry] of list.filter(isObject).entries()) {
    const { id, value } = IDENTITIES[key]?.(entry) ?? { id: String(index), value: entry };
    const use = (uses.get(id) ?? 0) + 1;
    uses.set(id, use);
    yield* leaves(value, { path: `${path}.${id}${use > 1 ? `#${use}` : ''}`, key, within: key });
  }
}

/** The defaults that ECS fills in, by `enclosing member.member`. */
const FILLED_IN: Readonly<Record<string, unknown>> = {
  '.networkMode': 'bridge',
  'containerDefinitions.cpu': 0,
  'containerDefinitions.essential': true,
  'containerDefinitions.versionConsistency': 'enabled',
  'portMappings.hostPort': 0,
  'portMappings.protocol': 'tcp',
  'healthCheck.interval': 30,
  'healthCheck.timeout': 5,
  'healthCheck.retries': 3,
  'healthCheck.startPeriod': 0,
  'efsVolumeConfiguration.rootDirectory': '/',
  'efsVolumeConfiguration.transitEncryption': 'DISABLED',
  'authorizationConfig.iam': 'DISABLED',
  'dockerVolumeConfiguration.scope': 'task',
  'dockerVolumeConfiguration.driver': 'local',
  'proxyConfiguration.type': 'APPMESH',
};

/** Lists of strings whose order does not matter. */
const UNORDERED = new Set(['requiresCompatibilities', 'add', 'drop', 'dockerSecurityOptions']);

type Members = Readonly<Record<string, unknown>>;

/** Returns the name and the value of an entry of a list whose entries have names. */
type Identity = (entry: Members) => { readonly id: string; readonly value: unknown };

const named =
  (by: string): Identity =>
  (entry) => ({ id: asText(entry[by]), value: entry });
const pair =
  (by: string, holds: string): Identity =>
  (entry) => ({ id: asText(entry[by]), value: entry[holds] ?? '' });

const IDENTITIES: Readonly<Record<string, Identity>> = {
  tags: pair('key', 'value'),
  containerDefinitions: named('name'),
  volumes: named('name'),
  placementConstraints: named('expression'),
  inferenceAccelerators: named('deviceName'),
  properties: pair('name', 'value'),
  environment: pair('name', 'value'),
  secrets: pair('name', 'valueFrom'),
  secretOptions: pair('name', 'valueFrom'),
  portMappings: (entry) => ({
    id: `${asText(entry['containerPort'] ?? entry['containerPortRange'])}/${asText(entry['protocol'] ?? 'tcp')}`,
    value: entry,
  }),
  mountPoints: named('containerPath'),
  volumesFrom: named('sourceContainer'),
  dependsOn: pair('containerName', 'condition'),
  extraHosts: pair('hostname', 'ipAddress'),
  ulimits: named('name'),
  systemControls: pair('namespace', 'value'),
  resourceRequirements: pair('type', 'value'),
  devices: named('hostPath'),
  tmpfs: named('containerPath'),
};

/**
 * With these network modes the host port is always the container port, whether it is given or not.
 */
function withoutFilledInHostPorts(container: ContainerDefinition): ContainerDefinition {
  return {
    ...container,
    portMappings: container.portMappings?.map(({ hostPort, ...mapping }) =>
      hostPort === mapping.containerPort ? mapping : { ...mapping, hostPort },
    ),
  };
}

const IN_UNITS = /^([\d.]+)\s*(?:vcpu|gb)$/i;

/** CPU and memory of the task may be given as `.5 vCPU` and `1 GB`; ECS stores 512 and 1024. */
function inUnits(value: string, { key, within }: Place): string {
  const amount = within === '' && (key === 'cpu' || key === 'memory') ? IN_UNITS.exec(value)?.[1] : undefined;
  return amount === undefined ? value : String(Number(amount) * 1024);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

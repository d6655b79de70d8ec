import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  Service,
  Volume,
} from '@aws-sdk/client-ecs';
import { isSameRole } from '../../aws/task-definition/same-role.ts';
import { nameOfArn } from '../../core/arn.ts';
import type { Risk } from '../../core/plan/risks.ts';
import { upperFirst } from '../../core/sentence.ts';

type Definition = RegisterTaskDefinitionCommandInput;

/** Something that gives the tasks more than most need. */
export interface FoundRisk {
  readonly name: Risk;
  /** A sentence without its period. */
  readonly what: string;
  /** How to do without it, as a clause. */
  readonly fix: string;
  /** Whether the running task definition does not have it. */
  readonly isNew: boolean;
}

export interface RiskRequest {
  readonly definition: Definition;
  /** The task definition that the service runs now. */
  readonly running: Definition;
  readonly service: Service;
}

/** The risks of a release. Pure. */
export function risksOf({ definition, running, service }: RiskRequest): readonly FoundRisk[] {
  const before = new Set(ofDefinition(running).map(({ what }) => what));
  return [
    ...ofDefinition(definition).map((risk) => ({ ...risk, isNew: !before.has(risk.what) })),
    ...roleChange('task-role-change', 'task role', running.taskRoleArn, definition.taskRoleArn),
    ...roleChange(
      'execution-role-change',
      'execution role',
      running.executionRoleArn,
      definition.executionRoleArn,
    ),
    ...publicAddress(service),
  ];
}

/** The risks that must not be, each with its fix. Pure. */
export function riskProblems(risks: readonly FoundRisk[], forbid: readonly Risk[]): readonly string[] {
  return risks
    .filter(({ name }) => forbid.includes(name))
    .map(
      ({ name, what, fix }) =>
        `forbid: ${lowerFirst(what)}, but ${name} is forbidden. ${upperFirst(fix)}, or remove ${name} from forbid.`,
    );
}

/** The risks to warn of: with `all`, also those that the service has already. Pure. */
export function riskRemarks(
  risks: readonly FoundRisk[],
  { all }: { readonly all: boolean },
): readonly string[] {
  return risks
    .filter(({ isNew }) => all || isNew)
    .map(({ name, what, isNew }) => {
      const since = isNew ? 'The running tasks do not have this' : 'The running tasks have this already';
      return `${what}. ${since}; to refuse it, set forbid to ${name}.`;
    });
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

type Settings = Omit<FoundRisk, 'isNew'>;

function ofDefinition(definition: Definition): readonly Settings[] {
  const { networkMode, pidMode, ipcMode, volumes = [], containerDefinitions = [] } = definition;
  return [
    ...containerDefinitions.flatMap(ofContainer),
    ...when(networkMode === 'host', {
      name: 'host-network',
      what: 'The tasks use the network of their host (networkMode host)',
      fix: 'set networkMode to awsvpc or bridge',
    }),
    ...when(pidMode === 'host', {
      name: 'host-namespaces',
      what: 'The tasks share the processes of their host (pidMode host)',
      fix: 'remove pidMode',
    }),
    ...when(ipcMode === 'host', {
      name: 'host-namespaces',
      what: 'The tasks share the memory segments of their host (ipcMode host)',
      fix: 'remove ipcMode',
    }),
    ...volumes.flatMap((volume) => {
      const path = hostPath(volume);
      return when(path !== null, {
        name: 'host-volumes',
        what: `The volume ${volume.name} is ${path} of the host`,
        fix: 'use a volume without a path of the host, or EFS',
      });
    }),
  ];
}

/** A folder of the host, also as the device of a volume of Docker's local driver; `null` for none. */
function hostPath({ host, dockerVolumeConfiguration }: Volume): string | null {
  const device = dockerVolumeConfiguration?.driverOpts?.['device'];
  return host?.sourcePath || (device?.startsWith('/') ? device : null);
}

/** With one of these, a process can leave its container. */
const LIKE_ROOT = new Set([
  'ALL',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_BOOT',
  'BPF',
  'DAC_READ_SEARCH',
  'NET_ADMIN',
]);

/** Turns off AppArmor, SELinux, seccomp or the hidden parts of /proc. Docker takes both separators. */
const UNPROTECTED = /^(?:(?:apparmor|seccomp|systempaths)[:=]unconfined|label[:=](?:disable|type:spc_t))$/;

function ofContainer(container: ContainerDefinition): readonly Settings[] {
  const { name = '', privileged, linuxParameters, dockerSecurityOptions = [] } = container;
  const { capabilities, devices = [] } = linuxParameters ?? {};
  return [
    ...when(privileged === true, {
      name: 'privileged',
      what: `Container ${name} is privileged: it can do on its host what root can`,
      fix: 'remove privileged from the container',
    }),
    ...(capabilities?.add ?? [])
      .filter((capability) => LIKE_ROOT.has(capability))
      .map((capability) => ({
        name: 'privileged' as const,
        what: `Container ${name} gets the Linux capability ${capability}`,
        fix: 'remove it from linuxParameters.capabilities.add',
      })),
    ...devices.map(({ hostPath }) => ({
      name: 'privileged' as const,
      what: `Container ${name} gets the device ${hostPath} of its host`,
      fix: 'remove it from linuxParameters.devices',
    })),
    ...dockerSecurityOptions
      .filter((option) => UNPROTECTED.test(option))
      .map((option) => ({
        name: 'privileged' as const,
        what: `Container ${name} runs without a protection of its host (dockerSecurityOptions ${option})`,
        fix: 'remove it from dockerSecurityOptions',
      })),
  ];
}

function when(applies: boolean, risk: Settings): readonly Settings[] {
  return applies ? [risk] : [];
}

function roleChange(
  name: Risk,
  role: string,
  before: string | undefined,
  after: string | undefined,
): readonly FoundRisk[] {
  if (isSameRole(before, after)) return [];
  const names = [before, after].map(roleName);
  const [from, to] = names[0] === names[1] ? [before, after] : names;
  const what = `The ${role} changes from ${from} to ${to}`;
  return [{ name, what, fix: 'keep the role', isNew: true }];
}

const roleName = (role: string | undefined) => (role === undefined ? 'none' : nameOfArn(role));

/** A release does not change it. */
function publicAddress({ networkConfiguration }: Service): readonly FoundRisk[] {
  if (networkConfiguration?.awsvpcConfiguration?.assignPublicIp !== 'ENABLED') return [];
  return [
    {
      name: 'public-ip',
      what: 'Each task of the service gets a public IP address (assignPublicIp ENABLED)',
      fix: 'set assignPublicIp of the service to DISABLED',
      isNew: false,
    },
  ];
}

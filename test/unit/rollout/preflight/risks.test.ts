import type { RegisterTaskDefinitionCommandInput, Service } from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { RISKS, type Risk } from '../../../../src/core/plan/risks.ts';
import { riskProblems, riskRemarks, risksOf } from '../../../../src/rollout/preflight/risks.ts';

type Definition = RegisterTaskDefinitionCommandInput;

const PLAIN: Definition = {
  family: 'web',
  taskRoleArn: 'arn:aws:iam::123456789012:role/web',
  executionRoleArn: 'arn:aws:iam::123456789012:role/start',
  containerDefinitions: [{ name: 'web', image: 'x' }],
};
const SERVICE: Service = {
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], assignPublicIp: 'DISABLED' } },
};

function found(definition: Partial<Definition>, running: Partial<Definition> = {}, service = SERVICE) {
  const request = {
    definition: { ...PLAIN, ...definition },
    running: { ...PLAIN, ...running },
    service,
  };
  return risksOf(request);
}

const webWith = (members: object): Partial<Definition> => ({
  containerDefinitions: [{ name: 'web', image: 'x', ...members }],
});

const CASES: readonly (readonly [Risk, Partial<Definition>, string])[] = [
  ['privileged', webWith({ privileged: true }), 'Container web is privileged'],
  [
    'privileged',
    webWith({ linuxParameters: { capabilities: { add: ['SYS_ADMIN'] } } }),
    'Container web gets the Linux capability SYS_ADMIN',
  ],
  [
    'privileged',
    webWith({ linuxParameters: { devices: [{ hostPath: '/dev/fuse' }] } }),
    'Container web gets the device /dev/fuse of its host',
  ],
  ...[
    'seccomp=unconfined',
    'seccomp:unconfined',
    'apparmor:unconfined',
    'systempaths=unconfined',
    'label:disable',
    'label:type:spc_t',
  ].map(
    (option) =>
      [
        'privileged',
        webWith({ dockerSecurityOptions: ['no-new-privileges', option] }),
        `Container web runs without a protection of its host (dockerSecurityOptions ${option})`,
      ] as const,
  ),
  ['host-network', { networkMode: 'host' }, 'The tasks use the network of their host (networkMode host)'],
  ['host-namespaces', { pidMode: 'host' }, 'The tasks share the processes of their host (pidMode host)'],
  [
    'host-namespaces',
    { ipcMode: 'host' },
    'The tasks share the memory segments of their host (ipcMode host)',
  ],
  [
    'host-volumes',
    { volumes: [{ name: 'docker', host: { sourcePath: '/var/run/docker.sock' } }] },
    'The volume docker is /var/run/docker.sock of the host',
  ],
  [
    'host-volumes',
    {
      volumes: [
        {
          name: 'run',
          dockerVolumeConfiguration: { driverOpts: { type: 'none', o: 'bind', device: '/var/run' } },
        },
      ],
    },
    'The volume run is /var/run of the host',
  ],
  [
    'task-role-change',
    { taskRoleArn: 'arn:aws:iam::210987654321:role/web' },
    'The task role changes from arn:aws:iam::123456789012:role/web to arn:aws:iam::210987654321:role/web',
  ],
  [
    'task-role-change',
    { taskRoleArn: 'arn:aws:iam::123456789012:role/admin' },
    'The task role changes from web to admin',
  ],
  ['task-role-change', { taskRoleArn: undefined }, 'The task role changes from web to none'],
  ['execution-role-change', { executionRoleArn: 'other' }, 'The execution role changes from start to other'],
];

describe.each(CASES)('%s', (name, definition, words) => {
  test(`is found: ${words}`, () => {
    expect(found(definition)).toEqual([expect.objectContaining({ name, isNew: true })]);
    expect(riskRemarks(found(definition), { all: false })).toEqual([expect.stringContaining(words)]);
  });

  test('is refused if it is forbidden, with the fix', () => {
    const [problem] = riskProblems(found(definition), [name]);
    expect(problem).toContain(words.slice(1));
    expect(problem).toMatch(
      new RegExp(`^forbid: .*${name} is forbidden\\. .*remove ${name} from forbid\\.$`),
    );
    const others = RISKS.filter((risk) => risk !== name);
    expect(riskProblems(found(definition), others)).toEqual([]);
  });
});

test('what the service already runs is told only by a plan, and refused nevertheless', () => {
  const risks = found({ networkMode: 'host' }, { networkMode: 'host' });
  expect(riskRemarks(risks, { all: false })).toEqual([]);
  expect(riskRemarks(risks, { all: true })).toEqual([expect.stringContaining('networkMode host')]);
  expect(riskProblems(risks, ['host-network'])).toHaveLength(1);
});

test('public addresses of the service are told by a plan and can be refused', () => {
  const service: Service = {
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], assignPublicIp: 'ENABLED' } },
  };
  const risks = found({}, {}, service);
  expect(riskRemarks(risks, { all: false })).toEqual([]);
  expect(riskRemarks(risks, { all: true })).toEqual([expect.stringContaining('public IP address')]);
  expect(riskProblems(risks, ['public-ip'])).toHaveLength(1);
});

test('harmless settings are no risk: the same role by name, volumes without a path, namespaces of the task, profiles', () => {
  expect(
    found({
      taskRoleArn: 'web',
      pidMode: 'task',
      ipcMode: 'task',
      networkMode: 'awsvpc',
      volumes: [{ name: 'scratch', host: {} }, { name: 'cache' }],
      ...webWith({
        privileged: false,
        linuxParameters: { capabilities: { drop: ['ALL'], add: [] } },
        dockerSecurityOptions: ['no-new-privileges', 'apparmor:web', 'label:type:web_t', 'label=level:s0'],
      }),
    }),
  ).toEqual([]);
});

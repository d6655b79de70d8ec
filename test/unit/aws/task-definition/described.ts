import type { TaskDefinition } from '@aws-sdk/client-ecs';

// Task definitions as DescribeTaskDefinition returns them, with defaults of ECS and read-only
// members.

const ROLE = 'arn:aws:iam::123456789012:role';

/** Fargate, a web server behind Envoy with FireLens, EFS and ephemeral storage. */
export const FARGATE: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:41',
  containerDefinitions: [
    {
      name: 'web',
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:old',
      cpu: 0,
      links: [],
      portMappings: [
        { containerPort: 8080, hostPort: 8080, protocol: 'tcp', name: 'http', appProtocol: 'http' },
        { containerPort: 53, hostPort: 53, protocol: 'udp' },
        { containerPort: 53, hostPort: 53, protocol: 'tcp' },
      ],
      essential: true,
      entryPoint: [],
      command: ['node', 'server.js', ''],
      environment: [
        { name: 'LOG_LEVEL', value: 'info' },
        { name: 'EMPTY', value: '' },
        { name: 'DB_HOST', value: 'db.internal' },
      ],
      environmentFiles: [],
      mountPoints: [{ sourceVolume: 'data', containerPath: '/data', readOnly: false }],
      volumesFrom: [],
      secrets: [
        { name: 'DB_PASSWORD', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' },
        { name: 'API_KEY', valueFrom: '/shop/api-key' },
      ],
      dependsOn: [{ containerName: 'envoy', condition: 'HEALTHY' }],
      dnsServers: [],
      stopTimeout: 60,
      dockerLabels: { team: 'shop' },
      ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
      logConfiguration: {
        logDriver: 'awsfirelens',
        options: { Name: 'cloudwatch' },
        secretOptions: [],
      },
      healthCheck: {
        command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'],
        interval: 30,
        timeout: 5,
        retries: 3,
        startPeriod: 0,
      },
      systemControls: [],
      linuxParameters: { initProcessEnabled: true, capabilities: { add: ['SYS_PTRACE'], drop: [] } },
      readonlyRootFilesystem: true,
    },
    {
      name: 'envoy',
      image: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1',
      cpu: 64,
      memoryReservation: 128,
      portMappings: [],
      essential: true,
      environment: [{ name: 'LOG_LEVEL', value: 'warn' }],
      mountPoints: [],
      volumesFrom: [],
      user: '1337',
      systemControls: [],
    },
    {
      name: 'log-router',
      image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
      cpu: 0,
      portMappings: [],
      essential: false,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      user: '0',
      systemControls: [],
      firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } },
    },
  ],
  family: 'web',
  taskRoleArn: `${ROLE}/web-task`,
  executionRoleArn: `${ROLE}/ecsTaskExecutionRole`,
  networkMode: 'awsvpc',
  revision: 41,
  volumes: [
    {
      name: 'data',
      efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/', transitEncryption: 'ENABLED' },
    },
    { name: 'scratch', host: {} },
  ],
  status: 'ACTIVE',
  requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
  placementConstraints: [],
  compatibilities: ['EC2', 'FARGATE'],
  requiresCompatibilities: ['FARGATE'],
  cpu: '512',
  memory: '1024',
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  pidMode: 'task',
  ephemeralStorage: { sizeInGiB: 40 },
  proxyConfiguration: {
    type: 'APPMESH',
    containerName: 'envoy',
    properties: [
      { name: 'ProxyIngressPort', value: '15000' },
      { name: 'EgressIgnoredPorts', value: '' },
    ],
  },
  registeredAt: new Date('2026-10-01T00:00:00Z'),
  registeredBy: 'arn:aws:sts::123456789012:assumed-role/deploy/ci',
  enableFaultInjection: false,
};

/** FARGATE as a person would write it: without the defaults of ECS, and in another order. */
export const FARGATE_AS_WRITTEN: TaskDefinition = {
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  cpu: '.5 vCPU',
  memory: '1 GB',
  networkMode: 'awsvpc',
  pidMode: 'task',
  taskRoleArn: 'web-task',
  executionRoleArn: `${ROLE}/ecsTaskExecutionRole`,
  runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'ARM64' },
  ephemeralStorage: { sizeInGiB: 40 },
  volumes: [
    { name: 'scratch' },
    { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'ENABLED' } },
  ],
  proxyConfiguration: {
    containerName: 'envoy',
    properties: [
      { name: 'EgressIgnoredPorts', value: '' },
      { name: 'ProxyIngressPort', value: '15000' },
    ],
  },
  containerDefinitions: [
    {
      name: 'log-router',
      image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable',
      essential: false,
      user: '0',
      firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } },
    },
    {
      name: 'envoy',
      image: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1',
      cpu: 64,
      memoryReservation: 128,
      environment: [{ name: 'LOG_LEVEL', value: 'warn' }],
      user: '1337',
    },
    {
      name: 'web',
      image: 'PLACEHOLDER',
      portMappings: [
        { containerPort: 53 },
        { containerPort: 53, protocol: 'udp' },
        { containerPort: 8080, name: 'http', appProtocol: 'http' },
      ],
      command: ['node', 'server.js', ''],
      environment: [
        { name: 'EMPTY', value: '' },
        { name: 'DB_HOST', value: 'db.internal' },
        { name: 'LOG_LEVEL', value: 'info' },
      ],
      mountPoints: [{ containerPath: '/data', sourceVolume: 'data' }],
      secrets: [
        { name: 'API_KEY', valueFrom: '/shop/api-key' },
        { name: 'DB_PASSWORD', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf' },
      ],
      dependsOn: [{ containerName: 'envoy', condition: 'HEALTHY' }],
      stopTimeout: 60,
      dockerLabels: { team: 'shop' },
      ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
      logConfiguration: { logDriver: 'awsfirelens', options: { Name: 'cloudwatch' } },
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost:8080/health || exit 1'] },
      linuxParameters: { initProcessEnabled: true, capabilities: { add: ['SYS_PTRACE'] } },
      readonlyRootFilesystem: true,
    },
  ],
};

/** EC2 with a bridge network, dynamic host ports and one container, as in older stacks. */
export const BRIDGE: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/api:7',
  containerDefinitions: [
    {
      name: 'api',
      image: 'shop/api:7',
      cpu: 128,
      memory: 256,
      links: [],
      portMappings: [
        { containerPort: 80, hostPort: 0, protocol: 'tcp' },
        { containerPort: 9090, hostPort: 9090, protocol: 'tcp' },
      ],
      essential: true,
      environment: [],
      mountPoints: [],
      volumesFrom: [],
      systemControls: [],
    },
  ],
  family: 'api',
  revision: 7,
  networkMode: 'bridge',
  volumes: [
    { name: 'docker', dockerVolumeConfiguration: { scope: 'task', driver: 'local', autoprovision: false } },
  ],
  status: 'ACTIVE',
  requiresAttributes: [],
  placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ t4g.*' }],
  compatibilities: ['EC2'],
};

import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { BLUE, createStage, GREEN, paused, serviceInput } from './support.ts';

describe('a service', () => {
  test('keeps its desired count: a task that ends is replaced', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    const [victim] = sandbox.tasks();
    sandbox.runner.crash(victim?.taskArn ?? '');
    await sandbox.until(() => sandbox.tasks('STOPPED').length === 1);
    await sandbox.until(() => sandbox.service().runningCount === 2 && sandbox.tasks().length === 2);
    expect(sandbox.tasks().map((task) => task.taskArn)).not.toContain(victim?.taskArn);
  });

  test('follows a new desired count, up and down', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    for (const desiredCount of [4, 1]) {
      sandbox.call('UpdateService', { cluster: 'main', service: 'web', desiredCount });
      await sandbox.until(() => sandbox.service().runningCount === desiredCount);
      expect(sandbox.tasks()).toHaveLength(desiredCount);
    }
  });

  test('replaces a task that its target group finds unhealthy, once the grace period is over', async () => {
    const sandbox = createStage();
    await sandbox.serving({}, { healthCheckGracePeriodSeconds: 60 });
    const started = sandbox.tasks()[0]?.startedAt?.getTime() ?? 0;
    const address = sandbox.tasks()[0]?.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address ?? '';
    sandbox.balancer.setHealth(address, 'unhealthy');
    await sandbox.clock.advance(started + 58 * SECOND - sandbox.clock.now());
    expect(sandbox.tasks('STOPPED')).toEqual([]);
    await sandbox.until(() => sandbox.tasks('STOPPED').length === 1);
    expect(sandbox.tasks('STOPPED')[0]).toMatchObject({
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${BLUE})`,
    });
    expect(sandbox.events()).toContainEqual(expect.stringMatching(/\(port 8080\) is unhealthy in/));
  });

  test('drains a task before it stops its containers', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    const taskArn = sandbox.tasks()[0]?.taskArn ?? '';
    sandbox.call('StopTask', { cluster: 'main', task: taskArn, reason: 'by hand' });
    const statuses: (string | undefined)[] = [];
    await sandbox.until(() => {
      const { lastStatus } = sandbox.call('DescribeTasks', { cluster: 'main', tasks: [taskArn] }).tasks[0];
      if (statuses.at(-1) !== lastStatus) statuses.push(lastStatus);
      if (lastStatus === 'STOPPING') {
        expect(sandbox.balancer.health(BLUE).some((target) => target.state === 'draining')).toBe(false);
      }
      return lastStatus === 'STOPPED';
    });
    expect(statuses).toEqual(['RUNNING', 'DEACTIVATING', 'STOPPING', 'STOPPED']);
    expect(sandbox.tasks('STOPPED')[0]).toMatchObject({
      stoppedReason: 'by hand',
      stopCode: 'UserInitiated',
    });
  });

  test('forgets stopped tasks after an hour', async () => {
    const sandbox = createStage({ reconcileInterval: MINUTE });
    await sandbox.serving({});
    sandbox.runner.crash(sandbox.tasks()[0]?.taskArn ?? '');
    await sandbox.until(() => sandbox.tasks('STOPPED').length === 1);
    await sandbox.clock.advance(HOUR - MINUTE);
    expect(sandbox.tasks('STOPPED')).toHaveLength(1);
    await sandbox.clock.advance(2 * MINUTE);
    expect(sandbox.tasks('STOPPED')).toEqual([]);
  });

  test('tells its story in events, newest first', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    await sandbox.clock.advance(SECOND);
    const events = sandbox.events().toReversed();
    expect(events[0]).toMatch(
      /^\(service web\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/,
    );
    expect(events).toContainEqual(`(service web) registered 1 targets in (target-group ${BLUE})`);
    expect(events.at(-1)).toBe('(service web) has reached a steady state.');
  });

  test('does not take a task for healthy that its target group would not have', async () => {
    const sandbox = createStage();
    sandbox.createService({});
    sandbox.balancer.groups.delete(BLUE);
    await sandbox.clock.advance(MINUTE);
    expect(sandbox.deployment().status).toBe('IN_PROGRESS');
    expect(sandbox.events()[0]).toMatch(/failed to register targets in .*TargetGroupNotFound/);
  });

  test('says why it cannot place a task, and goes on when it can', async () => {
    let reason: string | null = 'RESOURCE:MEMORY';
    const sandbox = createStage({ whyNoPlace: () => reason });
    sandbox.createService({});
    await sandbox.clock.advance(MINUTE);
    expect(sandbox.events()).toEqual(['(service web) was unable to place a task. Reason: RESOURCE:MEMORY']);
    reason = null;
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
  });

  test('scales both revisions while it is being deployed', async () => {
    const sandbox = createStage();
    await sandbox.serving({ ...paused(50), lifecycleHooks: [] });
    sandbox.call('UpdateService', { cluster: 'main', service: 'web', deploymentConfiguration: paused(50) });
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.pause() !== null);
    sandbox.call('UpdateService', { cluster: 'main', service: 'web', desiredCount: 3 });
    await sandbox.until(() => sandbox.service().runningCount === 6);
  });

  test('is deployed anew by force, with the same task definition', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    const before = new Set(sandbox.tasks().map((task) => task.taskArn));
    sandbox.call('UpdateService', { cluster: 'main', service: 'web', forceNewDeployment: true });
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    expect(sandbox.tasks().filter((task) => before.has(task.taskArn))).toEqual([]);
  });

  test.each([
    ['only its deploymentConfiguration', { deploymentConfiguration: { maximumPercent: 150 } }],
    ['only its desired count', { desiredCount: 3 }],
    ['the task definition it has', { taskDefinition: 'web:1' }],
  ])('starts no deployment when given %s', async (_, update) => {
    const sandbox = createStage();
    await sandbox.serving({});
    sandbox.call('UpdateService', { cluster: 'main', service: 'web', ...update });
    const { serviceDeployments } = sandbox.call('ListServiceDeployments', {
      cluster: 'main',
      service: 'web',
    });
    expect(serviceDeployments).toHaveLength(1);
  });

  test('keeps what a partial deploymentConfiguration leaves out, or resets it: as the sandbox is told', async () => {
    const update = { cluster: 'main', service: 'web', deploymentConfiguration: { maximumPercent: 150 } };
    const merging = createStage();
    merging.createService({ minimumHealthyPercent: 50 });
    merging.call('UpdateService', update);
    expect(merging.service().deploymentConfiguration).toMatchObject({
      minimumHealthyPercent: 50,
      maximumPercent: 150,
    });
    const resetting = createStage({ partialConfiguration: 'reset' });
    resetting.createService({ minimumHealthyPercent: 50 });
    resetting.call('UpdateService', update);
    expect(resetting.service().deploymentConfiguration?.minimumHealthyPercent).toBe(100);
  });

  test('is deleted when its tasks are gone, and its name can be used again', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    expect(sandbox.refusal('DeleteService', { cluster: 'main', service: 'web' }).code).toBe(
      'InvalidParameterException',
    );
    sandbox.call('DeleteService', { cluster: 'main', service: 'web', force: true });
    expect(sandbox.service().status).toBe('DRAINING');
    expect(sandbox.refusal('DeleteCluster', { cluster: 'main' }).code).toBe(
      'ClusterContainsServicesException',
    );
    await sandbox.until(() => sandbox.service().status === 'INACTIVE');
    expect(sandbox.balancer.health(BLUE)).toEqual([]);
    expect(sandbox.refusal('UpdateService', { cluster: 'main', service: 'web', desiredCount: 1 }).code).toBe(
      'ServiceNotActiveException',
    );
    await sandbox.serving({});
    expect(sandbox.service().status).toBe('ACTIVE');
  });

  test('the same randomness makes the same ARNs', async () => {
    const stages = [createStage(), createStage()];
    for (const sandbox of stages) await sandbox.serving({});
    const [first, second] = stages.map((sandbox) => sandbox.tasks().map((task) => task.taskArn));
    expect(first).toEqual(second);
  });
});

describe('service deployments', () => {
  test('are listed newest first, by status and by page', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    sandbox.deploy(sandbox.register());
    await sandbox.until(() => sandbox.deployment().status === 'SUCCESSFUL');
    sandbox.deploy(sandbox.register());
    const list = (more: object) =>
      sandbox.call('ListServiceDeployments', { cluster: 'main', service: 'web', ...more });
    expect(list({}).serviceDeployments.map((brief: { status: string }) => brief.status)).toEqual([
      'PENDING',
      'SUCCESSFUL',
      'SUCCESSFUL',
    ]);
    expect(list({ status: ['PENDING', 'IN_PROGRESS'] }).serviceDeployments).toHaveLength(1);
    const first = list({ maxResults: 2 });
    const second = list({ maxResults: 2, nextToken: first.nextToken });
    expect(first.serviceDeployments).toHaveLength(2);
    expect(second).toMatchObject({ serviceDeployments: [{ status: 'SUCCESSFUL' }] });
    expect(second.nextToken).toBeUndefined();
  });

  test('name the digests that run, in their revision', async () => {
    const sandbox = createStage();
    await sandbox.serving({});
    const { targetServiceRevision } = sandbox.deployment();
    const { serviceRevisions, failures } = sandbox.call('DescribeServiceRevisions', {
      serviceRevisionArns: [targetServiceRevision?.arn, 'arn:unknown'],
    });
    expect(serviceRevisions[0].containerImages).toEqual([
      { containerName: 'app', image: 'registry/web:1', imageDigest: 'sha256:registry/web:1' },
    ]);
    expect(serviceRevisions[0].resolvedConfiguration.loadBalancers[0].targetGroupArn).toBe(BLUE);
    expect(failures).toEqual([{ arn: 'arn:unknown', reason: 'MISSING' }]);
  });
});

describe('refuses', () => {
  test.each([
    ['an unknown cluster', { cluster: 'other' }, 'ClusterNotFoundException', /Cluster not found/],
    [
      'a launch type beside a capacity provider strategy',
      { launchType: 'EC2' as const, capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      'InvalidParameterException',
      /both a launch type and capacity provider strategy/,
    ],
    ['an unknown task definition', { taskDefinition: 'api' }, 'ClientException', /TaskDefinition not found/],
    [
      'awsvpc without a network',
      { networkConfiguration: undefined },
      'InvalidParameterException',
      /Network Configuration must be provided/,
    ],
    [
      'a container that is not in the task definition',
      { loadBalancers: [{ targetGroupArn: BLUE, containerName: 'nginx', containerPort: 80 }] },
      'InvalidParameterException',
      /container nginx does not exist/,
    ],
    [
      'a port that the container does not map',
      { loadBalancers: [{ targetGroupArn: BLUE, containerName: 'app', containerPort: 80 }] },
      'InvalidParameterException',
      /did not have a container port 80/,
    ],
    [
      'a target group that does not exist',
      { loadBalancers: [{ targetGroupArn: 'arn:no', containerName: 'app', containerPort: 8080 }] },
      'InvalidParameterException',
      /Unable to find the target group/,
    ],
  ])('%s', (_, more, code, message) => {
    const sandbox = createStage();
    expect(sandbox.refusal('CreateService', serviceInput(more))).toEqual({
      code,
      message: expect.stringMatching(message),
    });
  });

  test.each([
    [{ stepPercent: 2.9 }, /stepPercent must be a multiple of 0.1 between 3 and 100/],
    [{ stepPercent: 10.05 }, /stepPercent/],
    [{ stepBakeTimeInMinutes: 1441 }, /stepBakeTimeInMinutes must be an integer between 0 and 1440/],
  ])('the linear configuration %j', (linearConfiguration, message) => {
    const sandbox = createStage();
    const input = serviceInput({ deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration } });
    expect(sandbox.refusal('CreateService', input).message).toMatch(message);
  });

  test.each([['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT']] as const)('a pause at %s', (...stages) => {
    const sandbox = createStage();
    for (const lifecycleStage of stages) {
      const input = serviceInput({
        deploymentConfiguration: {
          strategy: 'LINEAR',
          lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: [lifecycleStage] }],
        },
      });
      expect(sandbox.refusal('CreateService', input).message).toMatch(
        `cannot be configured at the ${lifecycleStage}`,
      );
    }
  });

  test.each([
    ['no advanced configuration', undefined, /advancedConfiguration is required/],
    ['the same target group twice', { alternateTargetGroupArn: BLUE }, /must differ from targetGroupArn/],
    ['no role', { roleArn: undefined }, /roleArn is required/],
    [
      'a rule that does not exist',
      { productionListenerRule: 'arn:none' },
      /Unable to find the listener rule arn:none/,
    ],
  ])('a traffic shift with %s', (_, change, message) => {
    const sandbox = createStage();
    const input = serviceInput({ deploymentConfiguration: { strategy: 'LINEAR' } });
    const entry = input.loadBalancers?.[0];
    if (entry) entry.advancedConfiguration = change && { ...entry.advancedConfiguration, ...change };
    expect(sandbox.refusal('CreateService', input)).toEqual({
      code: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });

  test('a target group that is not on the production rule, and weights that are not 100 and 0', () => {
    const sandbox = createStage();
    const input = serviceInput({ deploymentConfiguration: { strategy: 'LINEAR' } });
    const [rule] = [...sandbox.balancer.rules.values()];
    rule?.set(GREEN, 50);
    expect(sandbox.refusal('CreateService', input).message).toMatch(/must give its whole weight/);
    rule?.delete(GREEN);
    expect(sandbox.refusal('CreateService', input).message).toMatch(/is not part of the forward action/);
  });

  test('a second service of the same name', () => {
    const sandbox = createStage();
    sandbox.createService({});
    expect(sandbox.refusal('CreateService', serviceInput()).message).toBe(
      'Creation of service was not idempotent.',
    );
  });

  test('to describe more than 20 service deployments at once', () => {
    const sandbox = createStage();
    const serviceDeploymentArns = Array.from({ length: 21 }, () => 'arn:x');
    expect(sandbox.refusal('DescribeServiceDeployments', { serviceDeploymentArns }).code).toBe(
      'InvalidParameterException',
    );
  });

  test('to stop a service deployment that does not exist', () => {
    const sandbox = createStage();
    expect(sandbox.refusal('StopServiceDeployment', { serviceDeploymentArn: 'arn:x' }).code).toBe(
      'ServiceDeploymentNotFoundException',
    );
  });
});

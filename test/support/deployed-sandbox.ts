// The simulated AWS, with helpers that deploy to service `web` before the code under test runs.
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
  TagResourceCommand,
  UpdateServiceCommand,
  type DeploymentConfiguration,
} from '@aws-sdk/client-ecs';
import type { RollbackRequest } from '../../src/core/request.ts';
import { provenanceTags } from '../../src/aws/ecs/provenance.ts';
import { canaryConfiguration } from '../../src/rollout/strategies/canary/canary.ts';
import { savedConfigurationTags } from '../../src/rollout/traffic/saved-configuration.ts';
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import { rolloutRequest } from './rollout-request.ts';
import { createSimulatedAws, type SimulatedAws, type SimulatedAwsOptions } from './simulated-aws.ts';

export interface DeployedSandbox extends SimulatedAws {
  /** Registers a task definition whose tags name the commit. Returns its ARN. */
  release(image: string, commit: string): Promise<string>;
  /** Starts a canary as ecs-ramp does, and continues its pauses up to `to` percent. */
  ramp(taskDefinitionArn: string, to: number): Promise<void>;
  /** Deploys without ecs-ramp, and waits until the deployment succeeds. */
  deploy(taskDefinitionArn: string, configuration?: DeploymentConfiguration): Promise<void>;
  /** Starts a deployment without ecs-ramp. */
  start(taskDefinitionArn: string, configuration?: DeploymentConfiguration): Promise<void>;
  /** The newest service deployment. `stage` is its lifecycle stage. */
  newest(): Promise<{ readonly status: string; readonly stage: string; readonly arn: string }>;
  /** ARN of the task definition that the service uses. */
  currentTaskDefinition(): Promise<string>;
}

export const BLUE_GREEN: DeploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 };

export async function openDeployedSandbox(
  options: Partial<SimulatedAwsOptions> = {},
): Promise<DeployedSandbox> {
  const aws = await createSimulatedAws({ versions: {}, ...options });
  const ecs = await aws.bystander.ecs();
  const place = { cluster: 'shop', service: 'web' };

  async function release(image: string, commit: string): Promise<string> {
    const arn = await aws.register(image);
    const run = `https://github.com/shop/web/actions/runs/${image}`;
    const source = {
      commit,
      repositoryUrl: 'https://github.com/shop/web',
      committedAt: null,
      runUrl: run,
      actor: 'anna',
    };
    await ecs.send(
      new TagResourceCommand({ resourceArn: arn, tags: [...provenanceTags(source, rolloutRequest())] }),
    );
    return arn;
  }
  async function newest() {
    const listed = await ecs.send(new ListServiceDeploymentsCommand(place));
    const arn = listed.serviceDeployments![0]!.serviceDeploymentArn!;
    const { serviceDeployments } = await ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
    );
    const { status, lifecycleStage, lifecycleHookDetails, targetServiceRevision } = serviceDeployments![0]!;
    const hook = lifecycleHookDetails?.find((detail) => detail.status === 'AWAITING_ACTION')?.hookId ?? null;
    const percent = targetServiceRevision?.requestedProductionTrafficWeight ?? 0;
    return { arn, status: String(status), stage: String(lifecycleStage), hook, percent };
  }
  async function start(taskDefinition: string, deploymentConfiguration = BLUE_GREEN): Promise<void> {
    await ecs.send(
      new UpdateServiceCommand({ cluster: 'shop', service: 'web', taskDefinition, deploymentConfiguration }),
    );
  }
  return {
    ...aws,
    release,
    newest,
    start,
    async ramp(taskDefinitionArn, to) {
      await ecs.send(
        new TagResourceCommand({
          resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web',
          tags: savedConfigurationTags({ ...BLUE_GREEN, lifecycleHooks: [] })!,
        }),
      );
      await start(taskDefinitionArn, canaryConfiguration(BLUE_GREEN, rolloutRequest()));
      for (;;) {
        await aws.clock.advance(SECOND);
        const { arn, hook, percent, stage } = await newest();
        if (percent >= to && (hook !== null || stage === 'BAKE_TIME')) return;
        if (hook === null) continue;
        await ecs.send(
          new ContinueServiceDeploymentCommand({
            serviceDeploymentArn: arn,
            hookId: hook,
            action: 'CONTINUE',
          }),
        );
      }
    },
    async deploy(taskDefinitionArn, configuration) {
      await start(taskDefinitionArn, configuration);
      do await aws.clock.advance(30 * SECOND);
      while ((await newest()).status !== 'SUCCESSFUL');
      await aws.clock.advance(MINUTE);
    },
    async currentTaskDefinition() {
      const { services } = await ecs.send(
        new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] }),
      );
      return services![0]!.taskDefinition!;
    },
  };
}

/** A rollback request with the defaults, except for what the test overrides. */
export function rollbackRequest(different: Partial<RollbackRequest> = {}): RollbackRequest {
  return {
    service: 'web',
    cluster: 'shop',
    to: null,
    rollout: rolloutRequest({ steps: [100] }),
    access: { region: null, role: null, chaining: false },
    source: { commit: null, repositoryUrl: null, committedAt: null, runUrl: null, actor: null },
    dryRun: false,
    eventsFile: '/dev/null',
    summaryFile: '/dev/null',
    recordingFile: '/dev/null',
    ...different,
  };
}

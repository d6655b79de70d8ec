import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { taggedWith, watchedBy, type Watch } from './tagged.ts';
import type { Mark } from './mark.ts';

/** Clients of the real AWS, of the sandbox or of another simulation. */
export interface Aws {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly sts: STSClient;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
}

/** The defaults come from the environment, as in AWS's SDKs. */
export interface AwsOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Replaces the network. */
  readonly requestHandler?: object;
  /** Notified when each call starts and ends. */
  readonly watch?: Watch;
}

/** @param mark the tag of everything that these clients create; used to find it again */
export function createAws({ watch, ...options }: AwsOptions, mark: Mark): Aws {
  const settings = { maxAttempts: 6, ...options };
  const clients = {
    ecs: new ECSClient(settings),
    ecr: new ECRClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    cloudWatch: new CloudWatchClient(settings),
    logs: new CloudWatchLogsClient(settings),
    scaling: new ApplicationAutoScalingClient(settings),
    sts: new STSClient(settings),
    ec2: new EC2Client(settings),
    iam: new IAMClient(settings),
  };
  for (const client of Object.values(clients)) {
    taggedWith(mark, client);
    if (watch) watchedBy(watch, client);
  }
  return clients;
}

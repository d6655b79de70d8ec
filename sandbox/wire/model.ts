import * as acm from '@aws-sdk/client-acm';
import * as applicationAutoScaling from '@aws-sdk/client-application-auto-scaling';
import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as serviceQuotas from '@aws-sdk/client-service-quotas';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import * as ec2 from '../ec2/schema.ts';
import enumMembers from './enum-members.json' with { type: 'json' };
import type { Service } from './service.ts';
import type { StaticSchema } from './structure.ts';

/** The AWS SDK's schemas of a service, which decode requests and encode replies here. */
export interface Model {
  readonly name: Service['name'];
  /** The prefix of X-Amz-Target, and the service in an RPC v2 path. */
  readonly target: string;
  /** For the query protocol: the parameter `Version` and the XML namespace. */
  readonly version: string;
  readonly xmlNamespace: string;
  /** The prefix of its actions in IAM policies: `elasticloadbalancing:ModifyRule`. */
  readonly actionPrefix: string;
  /**
   * Whether its clients expect the error codes of the query protocol in a header, with JSON or
   * CBOR.
   */
  readonly queryCompatible: boolean;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  /** By shape name and by code of the query protocol. */
  readonly errors: ReadonlyMap<string, ErrorFacts>;
  /** The values of members that are enums, by structure and member: `LogConfiguration.logDriver`. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

export interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

export interface ErrorFacts {
  readonly shape: string;
  /** The code of the query protocol; often the shape's name without `Exception`. */
  readonly queryCode: string;
  /** `null` when it is not in the model. */
  readonly status: number | null;
  readonly schema: NormalizedSchema;
}

type Facts = Omit<Model, 'operations' | 'errors' | 'enums' | 'queryCompatible'> & {
  readonly client: object;
  readonly queryCompatible?: boolean;
};

const facts: readonly Facts[] = [
  {
    name: 'acm',
    client: acm,
    target: 'CertificateManager',
    version: '2015-12-08',
    xmlNamespace: 'http://acm.amazonaws.com/doc/2015-12-08/',
    actionPrefix: 'acm',
  },
  {
    name: 'ec2',
    client: ec2,
    // Its clients use the query protocol only.
    target: 'AmazonEC2_2016_11_15',
    version: '2016-11-15',
    xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    actionPrefix: 'ec2',
  },
  {
    name: 'ecs',
    client: ecs,
    target: 'AmazonEC2ContainerServiceV20141113',
    version: '2014-11-13',
    xmlNamespace: 'http://ecs.amazonaws.com/doc/2014-11-13/',
    actionPrefix: 'ecs',
  },
  {
    name: 'ecr',
    client: ecr,
    target: 'AmazonEC2ContainerRegistry_V20150921',
    version: '2015-09-21',
    xmlNamespace: 'http://ecr.amazonaws.com/doc/2015-09-21/',
    actionPrefix: 'ecr',
  },
  {
    name: 'elastic-load-balancing-v2',
    client: elb,
    target: 'ElasticLoadBalancing_v10',
    version: '2015-12-01',
    xmlNamespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    actionPrefix: 'elasticloadbalancing',
  },
  {
    name: 'cloudwatch',
    client: cloudwatch,
    target: 'GraniteServiceVersion20100801',
    version: '2010-08-01',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    actionPrefix: 'cloudwatch',
    queryCompatible: true,
  },
  {
    name: 'cloudwatch-logs',
    client: logs,
    target: 'Logs_20140328',
    version: '2014-03-28',
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2014-03-28/',
    actionPrefix: 'logs',
  },
  {
    name: 'service-quotas',
    client: serviceQuotas,
    target: 'ServiceQuotasV20190624',
    version: '2019-06-24',
    xmlNamespace: 'http://servicequotas.amazonaws.com/doc/2019-06-24/',
    actionPrefix: 'servicequotas',
  },
  {
    name: 'sts',
    client: sts,
    target: 'AWSSecurityTokenServiceV20110615',
    version: '2011-06-15',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actionPrefix: 'sts',
  },
  {
    name: 'auto-scaling',
    client: autoScaling,
    // Its clients use the query protocol only.
    target: 'AutoScaling_2011_01_01',
    version: '2011-01-01',
    xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
    actionPrefix: 'autoscaling',
  },
  {
    name: 'application-auto-scaling',
    client: applicationAutoScaling,
    target: 'AnyScaleFrontendService',
    version: '2016-02-06',
    xmlNamespace: 'http://autoscaling.amazonaws.com/doc/2016-02-06/',
    actionPrefix: 'application-autoscaling',
  },
];

export const models: readonly Model[] = facts.map(({ client, ...rest }) => ({
  ...rest,
  queryCompatible: rest.queryCompatible ?? false,
  operations: new Map(Object.values(client).filter(isOperation).map(toOperation)),
  errors: new Map(Object.values(client).filter(isError).flatMap(toErrors)),
  enums: enumsOf(rest.name, client),
}));

function enumsOf(name: Service['name'], client: object): Model['enums'] {
  const valuesOf = new Map<string, object>(Object.entries(client));
  const { [name]: members = {} }: Partial<Record<Service['name'], Record<string, string>>> = enumMembers;
  return new Map(
    Object.entries(members).map(([member, type]) => [member, Object.values(valuesOf.get(type) ?? {})]),
  );
}

function isOperation(value: unknown): value is StaticSchema<9> {
  return Array.isArray(value) && value[0] === 9;
}

function isError(value: unknown): value is StaticSchema<-3> {
  return Array.isArray(value) && value[0] === -3;
}

function toOperation([, , name, , input, output]: StaticSchema<9>): [string, OperationSchema] {
  return [name, { name, input: NormalizedSchema.of(input), output: NormalizedSchema.of(output) }];
}

function toErrors(error: StaticSchema<-3>): [string, ErrorFacts][] {
  const schema = NormalizedSchema.of(error);
  const shape = error[2];
  const { httpError, awsQueryError } = schema.getMergedTraits();
  const [queryCode, queryStatus]: unknown[] = Array.isArray(awsQueryError)
    ? awsQueryError
    : [shape, httpError];
  const facts = {
    shape,
    queryCode: String(queryCode),
    status: typeof queryStatus === 'number' ? queryStatus : null,
    schema,
  };
  return [
    [facts.queryCode, facts],
    [shape, facts],
  ];
}

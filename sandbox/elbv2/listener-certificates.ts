import type {
  AddListenerCertificatesInput,
  AddListenerCertificatesOutput,
  Certificate,
  DescribeListenerCertificatesInput,
  DescribeListenerCertificatesOutput,
  RemoveListenerCertificatesInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { invalid, page, required } from './parameters.ts';
import { findListener } from './world.ts';
import type { ListenerRecord, SecureListener, World } from './world.ts';

const DEFAULT_POLICY = 'ELBSecurityPolicy-2016-08';

interface SecuritySettings {
  readonly Protocol?: string | undefined;
  readonly Certificates?: readonly Certificate[] | undefined;
  readonly SslPolicy?: string | undefined;
}

/** Checks the settings of a listener. `null` for HTTP. */
export function parseSecurity(
  world: World,
  { Protocol, Certificates, SslPolicy }: SecuritySettings,
  before: SecureListener | null = null,
): SecureListener | null {
  const protocol = Protocol ?? (before === null ? 'HTTP' : 'HTTPS');
  if (protocol === 'HTTP') {
    if (Certificates?.length) throw invalid('A certificate cannot be specified for HTTP listeners');
    return null;
  }
  if (protocol !== 'HTTPS') {
    throw new AwsError(
      'UnsupportedProtocol',
      `The sandbox's load balancer listens for HTTP and HTTPS, not '${protocol}'`,
    );
  }
  const policy = SslPolicy ?? before?.policy ?? DEFAULT_POLICY;
  if (!policy.startsWith('ELBSecurityPolicy-')) {
    throw new AwsError('SSLPolicyNotFound', `SSL policy '${policy}' not found`);
  }
  if (Certificates && Certificates.length > 1) {
    throw invalid('Only one certificate can be specified as the default certificate');
  }
  const standard = Certificates?.[0]?.CertificateArn ?? before?.certificates[0];
  if (standard === undefined) throw invalid('A certificate must be specified for HTTPS listeners');
  checkCertificate(world, standard);
  const others = before?.certificates.slice(1) ?? [];
  return { policy, certificates: [standard, ...others.filter((arn) => arn !== standard)] };
}

export function addListenerCertificates(
  world: World,
  input: AddListenerCertificatesInput,
): AddListenerCertificatesOutput {
  const { listener, secure } = secureListener(world, input.ListenerArn);
  const added = arnsOf(input.Certificates);
  for (const arn of added) checkCertificate(world, arn);
  listener.secure = { ...secure, certificates: [...new Set([...secure.certificates, ...added])] };
  return { Certificates: added.map((CertificateArn) => ({ CertificateArn, IsDefault: false })) };
}

export function removeListenerCertificates(world: World, input: RemoveListenerCertificatesInput): void {
  const { listener, secure } = secureListener(world, input.ListenerArn);
  const removed = arnsOf(input.Certificates);
  const [standard] = secure.certificates;
  if (removed.includes(standard!)) {
    throw new AwsError('OperationNotPermitted', 'The default certificate cannot be removed');
  }
  listener.secure = {
    ...secure,
    certificates: secure.certificates.filter((arn) => !removed.includes(arn)),
  };
}

export function describeListenerCertificates(
  world: World,
  input: DescribeListenerCertificatesInput,
): DescribeListenerCertificatesOutput {
  const { secure } = findListener(world, required(input.ListenerArn, 'listenerArn'));
  const all = (secure?.certificates ?? []).map((CertificateArn, i) => ({
    CertificateArn,
    IsDefault: i === 0,
  }));
  const { shown, NextMarker } = page(all, input);
  return { Certificates: shown, NextMarker };
}

function secureListener(
  world: World,
  arn: string | undefined,
): { readonly listener: ListenerRecord; readonly secure: SecureListener } {
  const listener = findListener(world, required(arn, 'listenerArn'));
  const { secure } = listener;
  if (secure === null) throw invalid('Certificates can only be added to HTTPS listeners');
  return { listener, secure };
}

function arnsOf(certificates: readonly Certificate[] | undefined): string[] {
  return required(certificates, 'certificates').map(({ CertificateArn }) =>
    required(CertificateArn, 'certificateArn'),
  );
}

function checkCertificate(world: World, arn: string): void {
  if (world.certificates.find(arn)) return;
  throw new AwsError('CertificateNotFound', `Certificate '${arn}' not found`);
}

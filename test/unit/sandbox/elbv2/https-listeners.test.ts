import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import tls from 'node:tls';
import { createAcm } from '../../../../sandbox/acm/acm.ts';
import { createBalancer } from '../../../../sandbox/balancer/balancer.ts';
import { systemClock } from '../../../../src/core/time/clock.ts';
import { freePorts } from '../../../demo/free-ports.ts';
import { createAuthority, type TestAuthority } from '../../../support/certificates.ts';
import { elbv2, refusal } from './support.ts';

const DENIED = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }];
const CALLER = { account: '123456789012', region: 'eu-central-1', accessKeyId: 'test' };

let authority: TestAuthority;
let elb: ReturnType<typeof elbv2>;
let acm: ReturnType<typeof createAcm>;
let port: number;
let loadBalancerArn: string;

beforeEach(async () => {
  authority = await createAuthority();
  acm = createAcm(CALLER);
  elb = elbv2({
    certificates: acm.certificates,
    dataPlane: createBalancer({ clock: systemClock, metrics: { record() {} } }),
  });
  loadBalancerArn = await elb.createLoadBalancer();
  [port = 0] = await freePorts(1);
});

afterEach(() => elb.close());

async function stored(...names: readonly [string, ...string[]]): Promise<string> {
  const { cert, private: key } = await authority.issue(...names);
  const imported: unknown = acm.service.operations['ImportCertificate']!(
    { Certificate: Buffer.from(cert), PrivateKey: Buffer.from(key) },
    CALLER,
  );
  if (typeof imported !== 'object' || imported === null || !('CertificateArn' in imported))
    throw new Error('no certificate');
  return String(imported.CertificateArn);
}

async function listener(settings: object): Promise<string> {
  const created = await elb.call('CreateListener', {
    LoadBalancerArn: loadBalancerArn,
    Port: port,
    DefaultActions: DENIED,
    ...settings,
  });
  return created.Listeners[0].ListenerArn;
}

/** The name of the certificate that a client gets. */
function presented(servername?: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subjectaltname);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('an HTTPS listener', () => {
  test('presents the certificate of the host that a client names, otherwise the default one', async () => {
    const [shop, others] = [await stored('shop.example.com'), await stored('*.example.org', 'example.org')];
    const ListenerArn = await listener({ Protocol: 'HTTPS', Certificates: [{ CertificateArn: shop }] });
    await elb.call('AddListenerCertificates', { ListenerArn, Certificates: [{ CertificateArn: others }] });
    expect(await presented()).toBe('DNS:shop.example.com');
    expect(await presented('a.example.org')).toBe('DNS:*.example.org, DNS:example.org');
    expect(await presented('a.b.example.org')).toBe('DNS:shop.example.com');
    const { Certificates } = await elb.call('DescribeListenerCertificates', { ListenerArn });
    expect(Certificates).toEqual([
      { CertificateArn: shop, IsDefault: true },
      { CertificateArn: others, IsDefault: false },
    ]);
    await elb.call('RemoveListenerCertificates', { ListenerArn, Certificates: [{ CertificateArn: others }] });
    expect(await presented('a.example.org')).toBe('DNS:shop.example.com');
  });

  test('can be made of an HTTP listener, on the same port', async () => {
    const ListenerArn = await listener({ Protocol: 'HTTP' });
    const CertificateArn = await stored('shop.example.com');
    await elb.call('ModifyListener', { ListenerArn, Protocol: 'HTTPS', Certificates: [{ CertificateArn }] });
    expect(await presented()).toBe('DNS:shop.example.com');
    const { Listeners } = await elb.call('DescribeListeners', { ListenerArns: [ListenerArn] });
    expect(Listeners).toMatchObject([
      { Protocol: 'HTTPS', Certificates: [{ CertificateArn }], SslPolicy: 'ELBSecurityPolicy-2016-08' },
    ]);
  });

  test.each([
    ['without a certificate', {}, refusal('ValidationError', 'A certificate must be specified')],
    [
      'with an unknown certificate',
      { Certificates: [{ CertificateArn: 'arn:none' }] },
      refusal('CertificateNotFound'),
    ],
    ['with another protocol', { Protocol: 'TLS' }, refusal('UnsupportedProtocol')],
    ['with an unknown policy', { SslPolicy: 'mine' }, refusal('SSLPolicyNotFound')],
  ])('%s is refused', async (_, settings, expected) => {
    await expect(listener({ Protocol: 'HTTPS', ...settings })).rejects.toEqual(expected);
  });
});

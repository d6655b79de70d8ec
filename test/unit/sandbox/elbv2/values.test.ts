import { describe, expect, test } from '@jest/globals';
import { blueGreen, refusal, weighted } from './support.ts';

const long = (most: number) => 'x'.repeat(most + 1);
const methods = (...Values: string[]) => ({
  Field: 'http-request-method',
  HttpRequestMethodConfig: { Values },
});
const header = (HttpHeaderName: string, value: string) => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName, Values: [value] },
});
const parameter = (pair: object) => ({ Field: 'query-string', QueryStringConfig: { Values: [pair] } });

describe('a condition', () => {
  test.each([
    [
      { Field: 'host-header', Values: [long(128)] },
      "The 'host-header' value is too long; the limit is '128'",
    ],
    [
      { Field: 'path-pattern', Values: [long(128)] },
      "The 'path-pattern' value is too long; the limit is '128'",
    ],
    [header(long(40), 'x'), "The 'HttpHeaderName' value is too long; the limit is '40'"],
    [header('x-track', long(128)), "The 'http-header' value is too long; the limit is '128'"],
    [methods(long(40).toUpperCase()), "The 'http-request-method' value is too long; the limit is '40'"],
    [methods('get'), 'the allowed characters are A-Z, hyphen and underscore'],
    [parameter({ Key: long(128), Value: 'x' }), "The 'Key' value is too long; the limit is '128'"],
    [parameter({ Value: long(128) }), "The 'Value' value is too long; the limit is '128'"],
    [parameter({ Key: 'version' }), "A 'Value' must be specified in 'QueryStringKeyValuePair'"],
    [{ Field: 'path-pattern', Values: [] }, 'A condition value must be specified'],
    [{ Field: 'source-ip', SourceIpConfig: { Values: [] } }, "A 'source-ip' value must be specified"],
    [{ Field: 'source-ip' }, "A 'SourceIpConfig' must be specified with 'source-ip'"],
    [{ Field: 'http-header' }, "A 'HttpHeaderConfig' must be specified with 'http-header'"],
    [{ Field: 'source-ip', Values: ['10.0.0.0/8'] }, "The 'Values' field is not compatible with 'source-ip'"],
  ])('cannot be %j', async (condition, message) => {
    const { call, listenerArn, blue } = await blueGreen();
    await expect(
      call('CreateRule', {
        ListenerArn: listenerArn,
        Priority: 1,
        Conditions: [condition],
        Actions: [weighted({ [blue]: 1 })],
      }),
    ).rejects.toEqual(refusal('ValidationError', message));
  });
});

test.each([
  ['stickiness.type', 'source_ip', 'lb_cookie, app_cookie'],
  ['load_balancing.algorithm.type', 'random', 'round_robin'],
  ['slow_start.duration_seconds', '29', 'from 30 to 900'],
])('the attribute %s of a target group cannot be %s', async (Key, Value, allowed) => {
  const { call, blue } = await blueGreen();
  const Attributes = [{ Key, Value }];
  await expect(call('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes })).rejects.toEqual(
    refusal('ValidationError', allowed),
  );
});

test('slow start is off at 0', async () => {
  const { call, blue } = await blueGreen();
  const Attributes = [{ Key: 'slow_start.duration_seconds', Value: '0' }];
  await call('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes });
});

test('a fixed response has one of five content types', async () => {
  const { call, listenerArn } = await blueGreen();
  const answer = (ContentType: string) =>
    call('ModifyListener', {
      ListenerArn: listenerArn,
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200', ContentType } }],
    });
  await answer('application/json');
  await expect(answer('image/png')).rejects.toEqual(
    refusal('InvalidLoadBalancerAction', "The ContentType must be one of:'text/html'"),
  );
});

test('what is missing in a listener and a target group is named', async () => {
  const { call, loadBalancerArn, blue } = await blueGreen();
  const listener = { LoadBalancerArn: loadBalancerArn, DefaultActions: [weighted({ [blue]: 1 })] };
  await expect(call('CreateListener', { ...listener, Port: 81 })).rejects.toEqual(
    refusal('ValidationError', 'A listener protocol must be specified'),
  );
  await expect(call('CreateListener', { ...listener, Protocol: 'HTTP' })).rejects.toEqual(
    refusal('ValidationError', 'A listener port must be specified'),
  );
  const group = { Name: 'red', VpcId: 'vpc-1' };
  await expect(call('CreateTargetGroup', { ...group, Port: 80 })).rejects.toEqual(
    refusal('ValidationError', 'A protocol must be specified'),
  );
  await expect(call('CreateTargetGroup', { ...group, Protocol: 'HTTP' })).rejects.toEqual(
    refusal('ValidationError', 'A port must be specified'),
  );
});

test('target groups of a load balancer that does not exist are refused', async () => {
  const { call, loadBalancerArn } = await blueGreen();
  await expect(call('DescribeTargetGroups', { LoadBalancerArn: `${loadBalancerArn}0` })).rejects.toEqual(
    refusal('LoadBalancerNotFound'),
  );
});

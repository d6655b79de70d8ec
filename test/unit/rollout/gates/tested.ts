/** What a gate gets about the new revision. */
export const TESTED = {
  service: 'web',
  cluster: 'shop',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2',
  image: 'shop/web@sha256:abc',
  testUrl: 'http://shop.example.com:8080',
  testHost: 'test.shop.example.com',
  testHeaders: { 'x-test': 'guess me' },
  runUrl: 'https://github.com/acme/shop/actions/runs/1/attempts/1',
} as const;

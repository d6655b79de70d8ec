/**
 * The metric dimensions of a load balancer, from the ARNs: `app/NAME/ID` and `targetgroup/NAME/ID`.
 */
export function metricDimensions(
  loadBalancerArn: string,
  targetGroupArn: string | null,
): Record<string, string> {
  const LoadBalancer = loadBalancerArn.split(':loadbalancer/')[1] ?? loadBalancerArn;
  return targetGroupArn === null
    ? { LoadBalancer }
    : { TargetGroup: targetGroupArn.split(':').at(-1)!, LoadBalancer };
}

/** A target group of a load balancer, with the names that CloudWatch uses for both. */
export interface BalancedGroup {
  readonly targetGroupArn: string;
  /** `targetgroup/NAME/ID` */
  readonly targetGroup: string;
  /** `app/NAME/ID` */
  readonly loadBalancer: string;
}

export function balancedGroup(targetGroupArn: string, loadBalancerArn: string): BalancedGroup {
  return inLoadBalancer(
    targetGroupArn,
    loadBalancerArn.slice(loadBalancerArn.indexOf(':loadbalancer/') + ':loadbalancer/'.length),
  );
}

/** `loadBalancer` is the name that CloudWatch uses. */
export function inLoadBalancer(targetGroupArn: string, loadBalancer: string): BalancedGroup {
  return {
    targetGroupArn,
    targetGroup: targetGroupArn.slice(targetGroupArn.indexOf('targetgroup/')),
    loadBalancer,
  };
}

/** A target group behind a load balancer, with the values that CloudWatch knows them by. */
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

/** `loadBalancer`: as CloudWatch knows it. */
export function inLoadBalancer(targetGroupArn: string, loadBalancer: string): BalancedGroup {
  return {
    targetGroupArn,
    targetGroup: targetGroupArn.slice(targetGroupArn.indexOf('targetgroup/')),
    loadBalancer,
  };
}

import type * as sdk from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';
import type { Certificates, DataPlane, LoadBalancing, MetricSink } from '../ports.ts';
import type { Service } from '../wire/service.ts';
import { describeAttributes, modifyAttributes } from './attributes.ts';
import { countHosts } from './host-counts.ts';
import {
  addListenerCertificates,
  describeListenerCertificates,
  removeListenerCertificates,
} from './listener-certificates.ts';
import { createListener, describeListener, describeListeners, modifyListener } from './listeners.ts';
import {
  createLoadBalancer,
  deleteLoadBalancer,
  describeLoadBalancers,
  removeListener,
} from './load-balancers.ts';
import { required } from './parameters.ts';
import { createPublisher } from './publisher.ts';
import { seconds } from './routing.ts';
import * as rules from './rules.ts';
import { addTags, checkNewTags, describeTags, removeTags, setTags } from './tags.ts';
import * as groups from './target-groups.ts';
import { createTargets, describeTargetHealth, keyOf, parseTargets } from './targets.ts';
import {
  createWorld,
  findListener,
  findLoadBalancer,
  findRule,
  findTargetGroup,
  forwardedTo,
  loadBalancerUsing,
} from './world.ts';

export { metricDimensions } from './metric-dimensions.ts';

export interface Elbv2Options {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Closed in `close`. */
  readonly dataPlane: DataPlane;
  readonly metrics: MetricSink;
  /** Factor for the interval of health checks, whose minimum on AWS is 5 s. Default 1. */
  readonly healthCheckScale?: number;
  /** Delay of a change of a rule's actions until it reaches the data plane. Default 0. */
  readonly propagation?: Milliseconds;
  /** For HTTPS listeners. Default: none. */
  readonly certificates?: Certificates;
}

export interface Elbv2 {
  readonly service: Service;
  readonly loadBalancing: LoadBalancing;
  readonly close: () => Promise<void>;
}

/** Application load balancers: the API, target health, and the routing of the data plane. */
export function createElbv2(options: Elbv2Options): Elbv2 {
  const { clock, account, region, dataPlane, metrics, healthCheckScale = 1, propagation = 0 } = options;
  const { certificates = { find: () => null } } = options;
  const world = createWorld({ clock, propagation, certificates, account, region });
  const publisher = createPublisher(world, dataPlane);
  const targets = createTargets(world, {
    dataPlane,
    healthCheckScale,
    changed: () => void publisher.publish(),
  });
  const stopCounting = countHosts(world, metrics);

  /** Call after a change of rules or listeners. */
  function routesChanged(): Promise<void> {
    targets.usesChanged();
    return publisher.publish();
  }

  const loadBalancers: Service['operations'] = {
    CreateLoadBalancer(input: sdk.CreateLoadBalancerInput): sdk.CreateLoadBalancerOutput {
      checkNewTags(input.Tags);
      const { arn, description } = createLoadBalancer(world, region, input);
      setTags(world, arn, input.Tags);
      return { LoadBalancers: [description] };
    },
    DescribeLoadBalancers: (input) => describeLoadBalancers(world, input),
    async DeleteLoadBalancer(input: sdk.DeleteLoadBalancerInput) {
      deleteLoadBalancer(world, input.LoadBalancerArn);
      await routesChanged();
    },
    DescribeLoadBalancerAttributes(input: sdk.DescribeLoadBalancerAttributesInput) {
      const { attributes } = findLoadBalancer(world, required(input.LoadBalancerArn, 'loadBalancerArn'));
      return { Attributes: describeAttributes(attributes) };
    },
    async ModifyLoadBalancerAttributes(input: sdk.ModifyLoadBalancerAttributesInput) {
      const { attributes } = findLoadBalancer(world, required(input.LoadBalancerArn, 'loadBalancerArn'));
      modifyAttributes(attributes, input.Attributes, 'Load balancer');
      await publisher.publish();
      return { Attributes: describeAttributes(attributes) };
    },
  };

  const targetGroups: Service['operations'] = {
    CreateTargetGroup(input: sdk.CreateTargetGroupInput): sdk.CreateTargetGroupOutput {
      checkNewTags(input.Tags);
      const group = groups.createTargetGroup(world, input);
      setTags(world, group.arn, input.Tags);
      return { TargetGroups: [groups.describeTargetGroup(world, group)] };
    },
    DescribeTargetGroups: (input) => groups.describeTargetGroups(world, input),
    ModifyTargetGroup(input: sdk.ModifyTargetGroupInput): sdk.ModifyTargetGroupOutput {
      return { TargetGroups: [groups.describeTargetGroup(world, groups.modifyTargetGroup(world, input))] };
    },
    DeleteTargetGroup(input: sdk.DeleteTargetGroupInput) {
      const group = groups.deleteTargetGroup(world, input.TargetGroupArn);
      if (group) targets.forget(group);
    },
    DescribeTargetGroupAttributes(input: sdk.DescribeTargetGroupAttributesInput) {
      const { attributes } = findTargetGroup(world, required(input.TargetGroupArn, 'targetGroupArn'));
      return { Attributes: describeAttributes(attributes) };
    },
    async ModifyTargetGroupAttributes(input: sdk.ModifyTargetGroupAttributesInput) {
      const { attributes } = findTargetGroup(world, required(input.TargetGroupArn, 'targetGroupArn'));
      modifyAttributes(attributes, input.Attributes, 'Target group');
      await publisher.publish();
      return { Attributes: describeAttributes(attributes) };
    },
    RegisterTargets(input: sdk.RegisterTargetsInput) {
      const group = findTargetGroup(world, required(input.TargetGroupArn, 'targetGroupArn'));
      targets.register(group, parseTargets(group, input.Targets));
    },
    DeregisterTargets(input: sdk.DeregisterTargetsInput) {
      const group = findTargetGroup(world, required(input.TargetGroupArn, 'targetGroupArn'));
      const wanted = parseTargets(group, input.Targets);
      // Targets that are not registered are ignored, as AWS documents.
      const registered = wanted.filter((target) => group.targets.has(keyOf(target)));
      targets.deregister(group, registered);
    },
    DescribeTargetHealth: (input) => describeTargetHealth(world, input),
  };

  const listeners: Service['operations'] = {
    async CreateListener(input: sdk.CreateListenerInput): Promise<sdk.CreateListenerOutput> {
      checkNewTags(input.Tags);
      const listener = await createListener(world, publisher, input);
      setTags(world, listener.arn, input.Tags);
      targets.usesChanged();
      return { Listeners: [describeListener(world, listener)] };
    },
    DescribeListeners: (input) => describeListeners(world, input),
    async ModifyListener(input: sdk.ModifyListenerInput): Promise<sdk.ModifyListenerOutput> {
      const listener = await modifyListener(world, publisher, input);
      await routesChanged();
      return { Listeners: [describeListener(world, listener)] };
    },
    async DeleteListener(input: sdk.DeleteListenerInput) {
      removeListener(world, findListener(world, required(input.ListenerArn, 'listenerArn')).arn);
      await routesChanged();
    },
    async AddListenerCertificates(
      input: sdk.AddListenerCertificatesInput,
    ): Promise<sdk.AddListenerCertificatesOutput> {
      const added = addListenerCertificates(world, input);
      await publisher.publish();
      return added;
    },
    async RemoveListenerCertificates(input: sdk.RemoveListenerCertificatesInput) {
      removeListenerCertificates(world, input);
      await publisher.publish();
    },
    DescribeListenerCertificates: (input) => describeListenerCertificates(world, input),
  };

  const listenerRules: Service['operations'] = {
    async CreateRule(input: sdk.CreateRuleInput): Promise<sdk.CreateRuleOutput> {
      checkNewTags(input.Tags);
      const rule = rules.createRule(world, input);
      setTags(world, rule.arn, input.Tags);
      await routesChanged();
      return { Rules: [rules.describeRule(rule)] };
    },
    DescribeRules: (input) => rules.describeRules(world, input),
    async ModifyRule(input: sdk.ModifyRuleInput): Promise<sdk.ModifyRuleOutput> {
      const rule = rules.modifyRule(world, publisher, input);
      await routesChanged();
      return { Rules: [rules.describeRule(rule)] };
    },
    async DeleteRule(input: sdk.DeleteRuleInput) {
      rules.deleteRule(world, input.RuleArn);
      await routesChanged();
    },
    async SetRulePriorities(input: sdk.SetRulePrioritiesInput): Promise<sdk.SetRulePrioritiesOutput> {
      const changed = rules.setRulePriorities(world, input);
      await routesChanged();
      return { Rules: changed.map(rules.describeRule) };
    },
  };

  const tags: Service['operations'] = {
    AddTags: (input) => addTags(world, input),
    RemoveTags: (input) => removeTags(world, input),
    DescribeTags: (input) => describeTags(world, input),
  };

  const loadBalancing: LoadBalancing = {
    rule(ruleArn) {
      const rule = world.rules.get(ruleArn);
      if (!rule) return null;
      return {
        ruleArn,
        listenerArn: rule.listenerArn,
        loadBalancerArn: findListener(world, rule.listenerArn).loadBalancerArn,
        targetGroups: forwardedTo(rule.actions).map(({ TargetGroupArn, Weight }) => ({
          targetGroupArn: TargetGroupArn!,
          weight: Weight!,
        })),
      };
    },
    targetGroup(targetGroupArn) {
      const group = world.targetGroups.get(targetGroupArn);
      if (!group) return null;
      return {
        targetGroupArn,
        targetType: group.settings.TargetType === 'ip' ? 'ip' : 'instance',
        loadBalancerArn: loadBalancerUsing(world, targetGroupArn),
        deregistrationDelay: seconds(group.attributes, 'deregistration_delay.timeout_seconds'),
      };
    },
    setWeights(ruleArn, weights) {
      const rule = findRule(world, ruleArn);
      rules.changeActions(world, publisher, { rule, actions: rules.reweigh(rule, weights) });
    },
    addWeights(ruleArn, weights) {
      const rule = findRule(world, ruleArn);
      for (const arn of weights.keys()) findTargetGroup(world, arn);
      rules.changeActions(world, publisher, { rule, actions: rules.addWeights(rule, weights) });
    },
    register(targetGroupArn, target) {
      targets.register(findTargetGroup(world, targetGroupArn), [target]);
    },
    deregister(targetGroupArn, target) {
      targets.deregister(findTargetGroup(world, targetGroupArn), [target]);
    },
    health(targetGroupArn) {
      const { targets: registered } = findTargetGroup(world, targetGroupArn);
      return [...registered.values()].map(({ id, port, state, description }) => ({
        id,
        port,
        state,
        description,
      }));
    },
  };

  return {
    service: {
      name: 'elastic-load-balancing-v2',
      operations: { ...loadBalancers, ...targetGroups, ...listeners, ...listenerRules, ...tags },
    },
    loadBalancing,
    async close() {
      stopCounting();
      for (const group of world.targetGroups.values()) targets.forget(group);
      await publisher.close();
      await dataPlane.close();
    },
  };
}

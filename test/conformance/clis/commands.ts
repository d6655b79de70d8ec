/** `$name` in a word is replaced by a value that an earlier command kept, for example an ARN. */
export interface CliCommand {
  readonly words: readonly string[];
  /** Keeps the value at this path of the answer for later commands. */
  readonly keep?: { readonly as: string; readonly at: readonly (string | number)[] };
  /** Repeats the command until the value at this path of the answer is `is`. */
  readonly until?: { readonly at: readonly (string | number)[]; readonly is: string };
  /** The command must fail with this code. */
  readonly refused?: string;
}

const c = (text: string, more: Omit<CliCommand, 'words'> = {}): CliCommand => ({
  words: text.split(' '),
  ...more,
});

/** Commands of every API, in a valid order. Both CLIs run them. */
export const CLI_COMMANDS: readonly CliCommand[] = [
  c('sts get-caller-identity'),
  c(
    'ecr create-repository --repository-name shop/web --image-tag-mutability IMMUTABLE --tags Key=team,Value=shop',
  ),
  c('ecr describe-repositories'),
  c('ecr describe-images --repository-name shop/none', { refused: 'RepositoryNotFoundException' }),
  c('ecr describe-images --repository-name shop/web --image-ids imageTag=v1', {
    refused: 'ImageNotFoundException',
  }),
  c('ecr list-images --repository-name shop/web'),
  c('logs create-log-group --log-group-name /shop/web'),
  c('logs put-retention-policy --log-group-name /shop/web --retention-in-days 7'),
  c('logs describe-log-groups --log-group-name-prefix /shop'),
  c('logs create-log-stream --log-group-name /shop/web --log-stream-name ecs/web/1'),
  c('logs get-log-events --log-group-name /shop/web --log-stream-name none', {
    refused: 'ResourceNotFoundException',
  }),
  c('ecs create-cluster --cluster-name shop --tags key=team,value=shop'),
  c('ecs describe-clusters --clusters shop none --include TAGS'),
  c('ecs list-clusters'),
  c(
    'ecs register-task-definition --family web --network-mode awsvpc --requires-compatibilities FARGATE --cpu 256 --memory 512 ' +
      '--container-definitions [{"name":"web","image":"example/web:1","portMappings":[{"containerPort":8080}]}]',
  ),
  c('ecs register-task-definition --family none --container-definitions []', { refused: 'ClientException' }),
  c('ecs describe-task-definition --task-definition web'),
  c('ecs list-task-definitions --family-prefix web'),
  c('elbv2 create-load-balancer --name shop --subnets subnet-1 subnet-2', {
    keep: { as: 'load_balancer', at: ['LoadBalancers', 0, 'LoadBalancerArn'] },
  }),
  c('elbv2 describe-load-balancers --names none', { refused: 'LoadBalancerNotFound' }),
  c('elbv2 describe-load-balancer-attributes --load-balancer-arn $load_balancer'),
  ...['blue', 'green'].map((colour) =>
    c(
      `elbv2 create-target-group --name shop-${colour} --target-type ip --protocol HTTP --port 8080 --vpc-id vpc-1 ` +
        '--health-check-path /healthz --matcher HttpCode=200-299',
      { keep: { as: colour, at: ['TargetGroups', 0, 'TargetGroupArn'] } },
    ),
  ),
  c(
    'elbv2 modify-target-group-attributes --target-group-arn $blue --attributes Key=deregistration_delay.timeout_seconds,Value=5',
  ),
  c('elbv2 describe-target-group-attributes --target-group-arn $blue'),
  c(
    'elbv2 create-listener --load-balancer-arn $load_balancer --protocol HTTP --port 9480 ' +
      '--default-actions Type=fixed-response,FixedResponseConfig={StatusCode=404}',
    { keep: { as: 'listener', at: ['Listeners', 0, 'ListenerArn'] } },
  ),
  c(
    'elbv2 create-rule --listener-arn $listener --priority 10 --conditions Field=path-pattern,Values=/* ' +
      '--actions Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=$blue,Weight=100},{TargetGroupArn=$green,Weight=0}]}',
    { keep: { as: 'rule', at: ['Rules', 0, 'RuleArn'] } },
  ),
  c('elbv2 modify-rule --rule-arn $rule --actions Type=forward,TargetGroupArn=$none', {
    refused: 'TargetGroupNotFound',
  }),
  c('elbv2 describe-rules --listener-arn $listener'),
  c('elbv2 describe-target-health --target-group-arn $blue'),
  c('elbv2 add-tags --resource-arns $rule --tags Key=team,Value=shop'),
  c('elbv2 describe-tags --resource-arns $rule $listener'),
  c(
    'ecs create-service --cluster shop --service-name web --task-definition web --desired-count 0 --launch-type FARGATE ' +
      '--network-configuration awsvpcConfiguration={subnets=[subnet-1]} ' +
      '--load-balancers targetGroupArn=$blue,containerName=web,containerPort=8080',
  ),
  c('ecs describe-services --cluster shop --services web none', {
    until: { at: ['services', 0, 'deployments', 0, 'rolloutState'], is: 'COMPLETED' },
  }),
  c('ecs list-services --cluster shop'),
  c('ecs update-service --cluster shop --service web --health-check-grace-period-seconds 5'),
  c('ecs update-service --cluster shop --service none --desired-count 1', {
    refused: 'ServiceNotFoundException',
  }),
  c('ecs list-tasks --cluster none', { refused: 'ClusterNotFoundException' }),
  c(
    'application-autoscaling register-scalable-target --service-namespace ecs --resource-id service/shop/web ' +
      '--scalable-dimension ecs:service:DesiredCount --min-capacity 0 --max-capacity 4',
  ),
  c('application-autoscaling describe-scalable-targets --service-namespace ecs'),
  c(
    'cloudwatch put-metric-data --namespace shop --metric-data ' +
      '[{"MetricName":"orders","Timestamp":"$ago","Value":2,"Unit":"Count","Dimensions":[{"Name":"Service","Value":"web"}]},{"MetricName":"orders","Timestamp":"$ago","Value":3,"Unit":"Count","Dimensions":[{"Name":"Service","Value":"web"}]}]',
  ),
  c('cloudwatch list-metrics --namespace shop'),
  c(
    'cloudwatch get-metric-data --start-time $from --end-time $to --metric-data-queries ' +
      '[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"shop","MetricName":"orders","Dimensions":[{"Name":"Service","Value":"web"}]},"Period":3600,"Stat":"Sum"}}]',
  ),
  c(
    'cloudwatch get-metric-statistics --namespace shop --metric-name orders --dimensions Name=Service,Value=web ' +
      '--start-time $from --end-time $to --period 3600 --statistics Sum Maximum',
  ),
  c(
    'cloudwatch get-metric-statistics --namespace shop --metric-name orders --start-time $from --end-time $to --period 7 --statistics Sum',
    { refused: 'ValidationError' },
  ),
  c(
    'cloudwatch put-metric-alarm --alarm-name orders --namespace shop --metric-name orders --statistic Sum --period 60 ' +
      '--evaluation-periods 1 --threshold 1 --comparison-operator GreaterThanThreshold',
  ),
  c('cloudwatch set-alarm-state --alarm-name orders --state-value ALARM --state-reason tried'),
  c('cloudwatch describe-alarms --state-value ALARM'),
  c('cloudwatch set-alarm-state --alarm-name none --state-value OK --state-reason tried', {
    refused: 'ResourceNotFound',
  }),
  c('cloudwatch delete-alarms --alarm-names orders'),
  c('ecs delete-service --cluster shop --service web --force'),
  c('elbv2 delete-load-balancer --load-balancer-arn $load_balancer'),
  c('logs delete-log-group --log-group-name /shop/web'),
];

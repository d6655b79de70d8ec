locals {
  ecs_principals = {
    tasks          = "ecs-tasks.amazonaws.com"
    infrastructure = "ecs.amazonaws.com"
  }
  ecs_trust = {
    for name, service in local.ecs_principals : name => jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Principal = { Service = service }, Action = "sts:AssumeRole" }]
    })
  }
}

# ECS uses this role to pull images and write logs.
resource "aws_iam_role" "execution" {
  name               = "${local.name}-execution"
  assume_role_policy = local.ecs_trust.tasks
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

# The permissions of the application. It has none yet.
resource "aws_iam_role" "task" {
  name               = "${local.name}-task"
  assume_role_policy = local.ecs_trust.tasks
}

# ECS uses this role to change the weights.
resource "aws_iam_role" "infrastructure" {
  name               = "${local.name}-infrastructure"
  assume_role_policy = local.ecs_trust.infrastructure
}

resource "aws_iam_role_policy_attachment" "infrastructure" {
  role       = aws_iam_role.infrastructure.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.create_github_provider ? 1 : 0

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deploy" {
  name                 = "${local.name}-deploy"
  max_session_duration = 14400

  # <trust> Written by script/docs from src/policy.
  assume_role_policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": {
            "Federated": "arn:${local.partition}:iam::${local.account}:oidc-provider/token.actions.githubusercontent.com"
          },
          "Action": "sts:AssumeRoleWithWebIdentity",
          "Condition": {
            "StringEquals": {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": "repo:${var.github_repository}:environment:${var.github_environment}"
            }
          }
        }
      ]
    }
  JSON
  # </trust>
}

# The policy that `ecs-ramp policy --for deploy,rollback,reconcile,status,history` prints.
resource "aws_iam_role_policy" "deploy" {
  name = "ecs-ramp"
  role = aws_iam_role.deploy.name

  # <policy> Written by script/docs from src/policy.
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Service",
          "Effect": "Allow",
          "Action": [
            "ecs:DescribeServices",
            "ecs:ListServiceDeployments"
          ],
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${var.cluster_name}/${var.service_name}"
        },
        {
          "Sid": "ServiceChanges",
          "Effect": "Allow",
          "Action": "ecs:UpdateService",
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${var.cluster_name}/${var.service_name}",
          "Condition": {
            "ArnLikeIfExists": {
              "ecs:task-definition": "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${local.name}:*"
            },
            "StringEqualsIfExists": {
              "ecs:enable-execute-command": "false"
            }
          }
        },
        {
          "Sid": "ServiceDeployments",
          "Effect": "Allow",
          "Action": [
            "ecs:ContinueServiceDeployment",
            "ecs:DescribeServiceDeployments",
            "ecs:DescribeServiceRevisions",
            "ecs:StopServiceDeployment"
          ],
          "Resource": [
            "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${var.cluster_name}/${var.service_name}",
            "arn:${local.partition}:ecs:${local.region}:${local.account}:service-deployment/${var.cluster_name}/${var.service_name}/*",
            "arn:${local.partition}:ecs:${local.region}:${local.account}:service-revision/${var.cluster_name}/${var.service_name}/*"
          ]
        },
        {
          "Sid": "Cluster",
          "Effect": "Allow",
          "Action": [
            "ecs:DescribeClusters",
            "ecs:ListContainerInstances"
          ],
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${var.cluster_name}"
        },
        {
          "Sid": "Hosts",
          "Effect": "Allow",
          "Action": "ecs:DescribeContainerInstances",
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:container-instance/${var.cluster_name}/*"
        },
        {
          "Sid": "Tasks",
          "Effect": "Allow",
          "Action": "ecs:DescribeTasks",
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:task/${var.cluster_name}/*"
        },
        {
          "Sid": "ListsOfTheCluster",
          "Effect": "Allow",
          "Action": [
            "ecs:ListServices",
            "ecs:ListTasks"
          ],
          "Resource": "*",
          "Condition": {
            "ArnEquals": {
              "ecs:cluster": "arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${var.cluster_name}"
            }
          }
        },
        {
          "Sid": "TaskDefinition",
          "Effect": "Allow",
          "Action": "ecs:RegisterTaskDefinition",
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${local.name}:*",
          "Condition": {
            "StringEqualsIfExists": {
              "ecs:privileged": "false"
            }
          }
        },
        {
          "Sid": "TagsOfTheTaskDefinition",
          "Effect": "Allow",
          "Action": "ecs:TagResource",
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${local.name}:*",
          "Condition": {
            "StringEquals": {
              "ecs:CreateAction": "RegisterTaskDefinition"
            }
          }
        },
        {
          "Sid": "RollbackReasonOnTheTaskDefinition",
          "Effect": "Allow",
          "Action": "ecs:TagResource",
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${local.name}:*",
          "Condition": {
            "ForAllValues:StringEquals": {
              "aws:TagKeys": "ecs-ramp:rolled-back"
            }
          }
        },
        {
          "Sid": "LeaseAndMemoryOnTheService",
          "Effect": "Allow",
          "Action": [
            "ecs:TagResource",
            "ecs:UntagResource"
          ],
          "Resource": "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${var.cluster_name}/${var.service_name}",
          "Condition": {
            "ForAllValues:StringLike": {
              "aws:TagKeys": "ecs-ramp:*"
            }
          }
        },
        {
          "Sid": "RolesOfTheTasks",
          "Effect": "Allow",
          "Action": "iam:PassRole",
          "Resource": [
            "${aws_iam_role.execution.arn}",
            "${aws_iam_role.task.arn}"
          ],
          "Condition": {
            "StringEquals": {
              "iam:PassedToService": "ecs-tasks.amazonaws.com"
            }
          }
        },
        {
          "Sid": "InfrastructureRole",
          "Effect": "Allow",
          "Action": "iam:PassRole",
          "Resource": "${aws_iam_role.infrastructure.arn}",
          "Condition": {
            "StringEquals": {
              "iam:PassedToService": "ecs.amazonaws.com"
            }
          }
        },
        {
          "Sid": "ListenerRules",
          "Effect": "Allow",
          "Action": [
            "elasticloadbalancing:ModifyListener",
            "elasticloadbalancing:ModifyRule"
          ],
          "Resource": [
            "arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account}:listener/app/*",
            "arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account}:listener-rule/app/*"
          ]
        },
        {
          "Sid": "ReadsThatCannotBeNarrowed",
          "Effect": "Allow",
          "Action": [
            "application-autoscaling:DescribeScalingPolicies",
            "autoscaling:DescribeAutoScalingGroups",
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeSubnets",
            "ecs:DescribeCapacityProviders",
            "ecs:DescribeTaskDefinition",
            "ecs:ListClusters",
            "elasticloadbalancing:DescribeListenerCertificates",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            "servicequotas:GetServiceQuota"
          ],
          "Resource": "*"
        },
        {
          "Sid": "Certificates",
          "Effect": "Allow",
          "Action": "acm:DescribeCertificate",
          "Resource": "arn:${local.partition}:acm:${local.region}:${local.account}:certificate/*"
        },
        {
          "Sid": "LogOfAFailedTask",
          "Effect": "Allow",
          "Action": "logs:GetLogEvents",
          "Resource": "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/${var.cluster_name}/${var.service_name}:log-stream:*"
        },
        {
          "Sid": "RegistryLogin",
          "Effect": "Allow",
          "Action": [
            "ecr:DescribePullThroughCacheRules",
            "ecr:DescribeRepositoryCreationTemplates",
            "ecr:GetAuthorizationToken"
          ],
          "Resource": "*"
        },
        {
          "Sid": "Repository",
          "Effect": "Allow",
          "Action": [
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:DescribeImages",
            "ecr:DescribeRepositories",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart"
          ],
          "Resource": "arn:${local.partition}:ecr:${local.region}:${local.account}:repository/${var.cluster_name}/${var.service_name}"
        }
      ]
    }
  JSON
  # </policy>
}

# Immutable tags: a tag always names the same image, and a re-run for the same commit uses the existing image.
resource "aws_ecr_repository" "this" {
  name                 = "${var.cluster_name}/${var.service_name}"
  image_tag_mutability = "IMMUTABLE"
}

# Keeps the images of releases to which you may want to roll back.
resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the last 50 releases"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.cluster_name}/${var.service_name}"
  retention_in_days = 30
}

resource "aws_ecs_cluster" "this" {
  name = var.cluster_name
}

# The first revision. Every release registers another revision of the same family, which Terraform does not know.
resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = "256"
  memory                   = "512"
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([{
    name         = var.service_name
    image        = var.image
    essential    = true
    environment  = [{ name = "PORT", value = tostring(var.container_port) }]
    portMappings = [{ containerPort = var.container_port }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = "ecs"
      }
    }
  }])
}

resource "aws_ecs_service" "this" {
  name            = var.service_name
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.desired_count
  launch_type     = "FARGATE"

  deployment_configuration {
    strategy             = "BLUE_GREEN"
    bake_time_in_minutes = 0
  }

  network_configuration {
    subnets          = var.task_subnet_ids
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = var.assign_public_ip
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this["blue"].arn
    container_name   = var.service_name
    container_port   = var.container_port

    advanced_configuration {
      alternate_target_group_arn = aws_lb_target_group.this["green"].arn
      production_listener_rule   = aws_lb_listener_rule.this["production"].arn
      test_listener_rule         = aws_lb_listener_rule.this["test"].arn
      role_arn                   = aws_iam_role.infrastructure.arn
    }
  }

  # Otherwise ECS could not restore the rules when everything is destroyed.
  depends_on = [aws_iam_role_policy_attachment.infrastructure]

  lifecycle {
    ignore_changes = [
      # Every release registers a revision. An apply would deploy the first one again.
      task_definition,
      # During a rollout the service has another strategy and a pause hook. An apply would remove both and break the rollout. ecs-ramp
      # restores the configuration afterwards. Your changes to it above are not applied either: use `aws ecs update-service`.
      deployment_configuration,
      # Only for auto scaling. Remove this line if Terraform sets the count.
      desired_count,
    ]
  }
}

# For the input `alarms`: if it fires during a rollout, the release is rolled back. Without requests it does not fire.
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  dimensions          = { LoadBalancer = aws_lb.this.arn_suffix }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 2
  threshold           = 10
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
}

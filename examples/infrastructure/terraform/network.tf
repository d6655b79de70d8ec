resource "aws_security_group" "load_balancer" {
  name_prefix = "${local.name}-lb-"
  description = "Users to the load balancer"
  vpc_id      = var.vpc_id

  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "tasks" {
  name_prefix = "${local.name}-tasks-"
  description = "The load balancer to the tasks"
  vpc_id      = var.vpc_id

  ingress {
    protocol        = "tcp"
    from_port       = var.container_port
    to_port         = var.container_port
    security_groups = [aws_security_group.load_balancer.id]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb" "this" {
  name               = local.name
  load_balancer_type = "application"
  subnets            = var.public_subnet_ids
  security_groups    = [aws_security_group.load_balancer.id]
}

# The two target groups swap roles at every release. Draining takes as long as the delay: the default of AWS, 300 seconds, would make each
# release and rollback longer.
resource "aws_lb_target_group" "this" {
  for_each = toset(["blue", "green"])

  name                 = "${local.name}-${each.key}"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "HTTP"
  port                 = var.container_port
  deregistration_delay = 30

  health_check {
    path = var.health_check_path
  }
}

# For production use, give the listener HTTPS and a certificate.
resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

# Two rules: the service requires the ARN of a rule, and the provider does not return the ARN of a listener's default rule. Smoke tests send
# the header of the test rule. No port is open for them, and without the value of the header nobody reaches a new revision early.
resource "aws_lb_listener_rule" "this" {
  for_each = { test = 1, production = 100 }

  listener_arn = aws_lb_listener.this.arn
  priority     = each.value

  condition {
    dynamic "http_header" {
      for_each = each.key == "test" ? [var.test_header] : []

      content {
        http_header_name = "X-Test"
        values           = [http_header.value]
      }
    }

    dynamic "path_pattern" {
      for_each = each.key == "production" ? ["/*"] : []

      content {
        values = [path_pattern.value]
      }
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.this["blue"].arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.this["green"].arn
        weight = 0
      }
    }
  }

  lifecycle {
    # ECS changes the weights: after every second release, green has 100. Without this, an apply would give blue 100 again, where no task
    # runs, and all users would get 503. Changes to the actions above are not applied either: use `aws elbv2 modify-rule`.
    ignore_changes = [action]
  }
}

# A service on Amazon ECS that ecs-ramp can deploy. Terraform manages everything except what ecs-ramp changes, which it ignores
# (lifecycle). See docs/infrastructure.md.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.cluster_name}-${var.service_name}"
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region
  account   = data.aws_caller_identity.current.account_id
}

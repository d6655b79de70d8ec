terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 6.4 is the first version with BLUE_GREEN, advanced_configuration and lifecycle_hook.
      version = ">= 6.4"
    }
  }
}

provider "aws" {
  # During a run, ecs-ramp stores tags on the service: the run tag and the configuration to restore. An apply would remove them.
  ignore_tags {
    key_prefixes = ["ecs-ramp:"]
  }
}

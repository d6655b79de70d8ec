terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The first with BLUE_GREEN, advanced_configuration and lifecycle_hook is 6.4.
      version = ">= 6.4"
    }
  }
}

provider "aws" {
  # A run of ecs-ramp writes tags on the service for as long as it lasts: its lease, and what is to be put back. An apply would remove them.
  ignore_tags {
    key_prefixes = ["ecs-ramp:"]
  }
}

variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  type        = list(string)
  description = "Subnets of the load balancer, in at least two Availability Zones."
}

variable "task_subnet_ids" {
  type        = list(string)
  description = "Subnets of the tasks. They must reach ECR and CloudWatch Logs through a NAT gateway or endpoints, or with assign_public_ip."
}

variable "assign_public_ip" {
  type        = bool
  default     = false
  description = "Set to true if task_subnet_ids are public subnets, such as those of a default VPC."
}

variable "test_header" {
  type        = string
  description = "Value of the header X-Test of requests to a new revision before users get it. Choose one that nobody guesses."
  sensitive   = true

  validation {
    condition     = can(regex("^[0-9A-Za-z-]{16,128}$", var.test_header))
    error_message = "Give 16 to 128 letters, digits and dashes."
  }
}

variable "cluster_name" {
  type    = string
  default = "shop"
}

variable "service_name" {
  type    = string
  default = "web"
}

variable "image" {
  type        = string
  default     = "us-docker.pkg.dev/google-samples/containers/gke/hello-app:1.0"
  description = "Image that the service runs until its first release. It must answer the health check on container_port; the default image answers every path on the port in the variable PORT, 1024 or higher."
}

variable "container_port" {
  type    = number
  default = 8080
}

variable "health_check_path" {
  type    = string
  default = "/"
}

variable "desired_count" {
  type    = number
  default = 2
}

variable "github_repository" {
  type        = string
  description = "Repository, OWNER/NAME, as in the subject of its tokens (docs/permissions.md)."
}

variable "github_environment" {
  type        = string
  default     = "production"
  description = "GitHub environment of the deploy job. Only jobs in this environment can deploy."
}

variable "create_github_provider" {
  type        = bool
  default     = true
  description = "Whether to create the OIDC provider of GitHub. An account can have only one."
}

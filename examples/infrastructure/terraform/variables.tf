variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  type        = list(string)
  description = "Of the load balancer, in two availability zones at least."
}

variable "task_subnet_ids" {
  type        = list(string)
  description = "Of the tasks. They must reach ECR and CloudWatch Logs, through a NAT gateway or endpoints, or with assign_public_ip."
}

variable "assign_public_ip" {
  type        = bool
  default     = false
  description = "Where task_subnet_ids are public ones, such as those of a default VPC."
}

variable "test_traffic_cidr" {
  type        = string
  description = "Who may reach the test listener, such as the runners. Users should not."
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
  description = "What the service runs until its first release. It must answer the health check on container_port; this one answers every path, on the port that the variable PORT names, from 1024 on."
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
  description = "OWNER/NAME, as in the subject of the repository's tokens (docs/permissions.md)."
}

variable "github_environment" {
  type        = string
  default     = "production"
  description = "The environment that the job names. Only its jobs may deploy."
}

variable "create_github_provider" {
  type        = bool
  default     = true
  description = "Whether GitHub's OIDC provider is made. An account has it once."
}

output "deploy_role" {
  description = "Value for the input role-to-assume."
  value       = aws_iam_role.deploy.arn
}

output "repository" {
  description = "Value for the input repository."
  value       = aws_ecr_repository.this.name
}

output "alarm" {
  description = "Value for the input alarms."
  value       = aws_cloudwatch_metric_alarm.errors.alarm_name
}

output "url" {
  value = "http://${aws_lb.this.dns_name}/"
}

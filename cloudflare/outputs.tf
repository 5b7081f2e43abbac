output "page_url" {
  description = "The page"
  value       = "https://${var.domain_name}/"
}

output "rate_limit" {
  description = "When Cloudflare answers 429"
  value       = "after ${var.rate_limit_requests} requests of one address in ${var.rate_limit_period} s, for ${var.rate_limit_block} s"
}

output "blocked_hooks" {
  description = "Hooks that are answered 403 by Cloudflare"
  value       = sort(var.blocked_hooks)
}

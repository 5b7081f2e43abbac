variable "zone_id" {
  description = "The zone that domain_name lies in: 32 hexadecimal digits, on the zone's overview page"
  type        = string

  validation {
    condition     = can(regex("^[0-9a-f]{32}$", var.zone_id))
    error_message = "zone_id is 32 hexadecimal digits."
  }
}

variable "domain_name" {
  description = "The site's name, as the parameter DomainName of the stack: hooks.example.com"
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name))
    error_message = "domain_name is a domain name in small letters."
  }
}

variable "domain_target" {
  description = "The stack's output DomainTarget. Empty until there is one: then no record of the site is made"
  type        = string
  default     = ""

  validation {
    condition     = var.domain_target == "" || can(regex("^[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?$", var.domain_target))
    error_message = "domain_target is what the stack prints as DomainTarget."
  }
}

variable "certificate_validation" {
  description = "The records that ACM wants to see before it issues the certificate: their names, and what each points to"
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, target in var.certificate_validation : startswith(name, "_") && startswith(target, "_")])
    error_message = "ACM's names and values both start with an underscore."
  }
}

variable "origin_secret" {
  description = "What the secret named by the stack's output OriginSecretName holds. It is in Terraform's state in clear"
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9]{32,128}$", var.origin_secret))
    error_message = "origin_secret is one secret of 32 to 128 letters and digits; of several with commas, the one to send."
  }
}

variable "rate_limit_requests" {
  description = "Requests of one address that are let through in one period, in one data centre of Cloudflare"
  type        = number
  # Three bursts of 1,000, 2,000 and 3,000 requests from one address pass, also one right after the other.
  default = 10000

  validation {
    condition     = var.rate_limit_requests >= 1 && var.rate_limit_requests == floor(var.rate_limit_requests)
    error_message = "rate_limit_requests is a whole number from 1."
  }
}

variable "rate_limit_period" {
  description = "Seconds that are counted together. The Free plan has 10 only"
  type        = number
  default     = 10

  validation {
    condition     = contains([10, 60, 120, 300, 600, 3600], var.rate_limit_period)
    error_message = "rate_limit_period is 10, 60, 120, 300, 600 or 3600."
  }
  validation {
    condition     = var.paid_plan || var.rate_limit_period == 10
    error_message = "On the Free plan rate_limit_period is 10."
  }
}

variable "rate_limit_block" {
  description = "Seconds for which an address that is over the limit is answered 429. The Free plan has 10 only"
  type        = number
  default     = 10

  validation {
    condition     = contains([10, 30, 60, 120, 300, 600, 3600, 86400], var.rate_limit_block)
    error_message = "rate_limit_block is 10, 30, 60, 120, 300, 600, 3600 or 86400."
  }
  validation {
    condition     = var.paid_plan || var.rate_limit_block == 10
    error_message = "On the Free plan rate_limit_block is 10."
  }
}

variable "paid_plan" {
  description = "Whether the zone is on a paid plan: then only the requests to domain_name are counted, and other periods may be set"
  type        = bool
  default     = false
}

variable "blocked_hooks" {
  description = "Ids of hooks that are answered 403 here, at once. Put them into the stack's BlockedHooks as well"
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.blocked_hooks : can(regex("^[A-Za-z0-9_-]{44}$", id))])
    error_message = "The id of a hook has 44 letters, digits, - and _."
  }
  validation {
    # A rule's expression has at most 4,096 characters.
    condition     = length(var.blocked_hooks) <= 40
    error_message = "At most 40 hooks fit one rule; leave those out that the stack's BlockedHooks has."
  }
}

variable "skip_managed_rules" {
  description = "Whether Cloudflare's managed rules leave hooks alone, so that a request that looks like an attack is captured too"
  type        = bool
  default     = true
}

variable "disable_bot_fight_mode" {
  description = "Whether to turn Bot Fight Mode off, in the whole zone; while it is on, it turns senders away"
  type        = bool
  default     = true
}

variable "lower_ddos_sensitivity" {
  description = "Whether Cloudflare's protection against floods reacts later, in the whole zone, so that a burst of webhooks passes"
  type        = bool
  default     = true
}

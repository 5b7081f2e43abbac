# What stands in front of the gateway. docs/cloudflare.md says what each part is for; CloudflareTest holds this to the
# provider's schema, to the Free plan and to the code.

terraform {
  required_version = ">= 1.9"

  required_providers {
    cloudflare = {
      source = "cloudflare/cloudflare"
      # Exactly this one, whose schema the tests hold: other releases of 5 ended some applies with "inconsistent result".
      version = "5.22.0"
    }
  }
}

# Its token is in CLOUDFLARE_API_TOKEN.
provider "cloudflare" {}

locals {
  host_is_ours = "http.host eq \"${var.domain_name}\""
  hooks        = "(starts_with(http.request.uri.path, \"/h/\") or starts_with(http.request.uri.path, \"/s/\"))"
  api          = "starts_with(http.request.uri.path, \"/api/\")"
  assets       = "starts_with(http.request.uri.path, \"/assets/\")"
  # The Free plan's rate limit may look at the path only: it counts these paths on every host of the zone.
  counted = "(${local.hooks} or ${local.api})"
  # An id has 44 characters and follows /h/ or /s/. Without one, a text that is no id.
  blocked_ids = join(" ", [
    for id in length(var.blocked_hooks) == 0 ? ["none"] : sort(var.blocked_hooks) : "\"${id}\""
  ])
  blocked = "${local.hooks} and substring(http.request.uri.path, 3, 47) in {${local.blocked_ids}}"
}

resource "cloudflare_dns_record" "site" {
  count = var.domain_target == "" ? 0 : 1

  zone_id = var.zone_id
  name    = var.domain_name
  type    = "CNAME"
  content = var.domain_target
  proxied = true
  # Automatic, which a proxied record has to have.
  ttl     = 1
  comment = "Hookwell"
}

# ACM looks for these before it issues the certificate of the gateway, and again each year.
resource "cloudflare_dns_record" "certificate" {
  for_each = var.certificate_validation

  zone_id = var.zone_id
  name    = trimsuffix(each.key, ".")
  type    = "CNAME"
  content = trimsuffix(each.value, ".")
  proxied = false
  ttl     = 1
  comment = "Hookwell: the gateway's certificate"
}

# By address and data centre, as every plan counts. What is over is answered 429 by Cloudflare, and is not captured.
resource "cloudflare_ruleset" "rate_limit" {
  zone_id = var.zone_id
  name    = "Hookwell: rate limit"
  kind    = "zone"
  phase   = "http_ratelimit"

  rules = [
    {
      ref         = "hookwell_rate_limit"
      description = "Hookwell: so many requests of one address"
      expression  = var.paid_plan ? "${local.host_is_ours} and ${local.counted}" : local.counted
      action      = "block"

      ratelimit = {
        characteristics     = ["cf.colo.id", "ip.src"]
        period              = var.rate_limit_period
        requests_per_period = var.rate_limit_requests
        mitigation_timeout  = var.rate_limit_block
      }
    },
  ]
}

# Always set, so that what a sender sends under these names never arrives. The first is believed by ingest only because
# of the second.
resource "cloudflare_ruleset" "origin" {
  zone_id = var.zone_id
  name    = "Hookwell: what the origin has to know"
  kind    = "zone"
  phase   = "http_request_late_transform"

  rules = [
    {
      ref         = "hookwell_origin"
      description = "Hookwell: the path as it was sent, and the proof that it came through here"
      expression  = local.host_is_ours
      action      = "rewrite"

      action_parameters = {
        headers = {
          "x-hookwell-raw-path" = {
            operation  = "set"
            expression = "raw.http.request.uri.path"
          }
          "x-hookwell-origin" = {
            operation = "set"
            value     = var.origin_secret
          }
        }
      }
    },
  ]
}

resource "cloudflare_ruleset" "cache" {
  zone_id = var.zone_id
  name    = "Hookwell: cache"
  kind    = "zone"
  phase   = "http_request_cache_settings"

  rules = [
    {
      ref         = "hookwell_never_cached"
      description = "Hookwell: hooks and API are never cached"
      expression  = "${local.host_is_ours} and ${local.counted}"
      action      = "set_cache_settings"

      action_parameters = {
        cache = false
      }
    },
    {
      ref         = "hookwell_assets"
      description = "Hookwell: files named after their content are cached as long as they say"
      expression  = "${local.host_is_ours} and ${local.assets}"
      action      = "set_cache_settings"

      action_parameters = {
        cache = true
        edge_ttl = {
          mode = "respect_origin"
        }
        browser_ttl = {
          mode = "respect_origin"
        }
      }
    },
  ]
}

resource "cloudflare_ruleset" "settings" {
  zone_id = var.zone_id
  name    = "Hookwell: settings"
  kind    = "zone"
  phase   = "http_config_settings"

  rules = [
    {
      ref         = "hookwell_host"
      description = "Hookwell: TLS to the gateway with its certificate checked, and a page that nobody writes into"
      expression  = local.host_is_ours
      action      = "set_config"

      action_parameters = {
        ssl               = "strict"
        email_obfuscation = false
        rocket_loader     = false
        disable_rum       = true
        disable_zaraz     = true
      }
    },
    {
      ref         = "hookwell_programs"
      description = "Hookwell: who sends to a hook is a program, and has to prove no browser"
      expression  = "${local.host_is_ours} and ${local.counted}"
      action      = "set_config"

      action_parameters = {
        bic            = false
        security_level = "essentially_off"
      }
    },
  ]
}

# Blocked hooks first: they are answered 403 here, at once, and reach nothing behind.
resource "cloudflare_ruleset" "firewall" {
  zone_id = var.zone_id
  name    = "Hookwell: firewall"
  kind    = "zone"
  phase   = "http_request_firewall_custom"

  rules = [
    {
      ref         = "hookwell_blocked"
      description = "Hookwell: hooks that the operator blocked"
      expression  = "${local.host_is_ours} and ${local.blocked}"
      action      = "block"
      enabled     = length(var.blocked_hooks) > 0
    },
    {
      ref         = "hookwell_as_sent"
      description = "Hookwell: what is sent to a hook is kept and never run, however dangerous it looks"
      expression  = "${local.host_is_ours} and ${local.hooks}"
      action      = "skip"
      enabled     = var.skip_managed_rules

      action_parameters = {
        phases = ["http_request_firewall_managed"]
      }

      # The API adds it to a rule that skips, and to no other; left out, Terraform calls the result inconsistent.
      logging = {
        enabled = true
      }
    },
  ]
}

# Cloudflare's protection against floods is always on and can only be made less sensitive, for the whole zone: a burst of
# webhooks from few addresses looks like one.
resource "cloudflare_ruleset" "ddos" {
  count = var.lower_ddos_sensitivity ? 1 : 0

  zone_id = var.zone_id
  name    = "Hookwell: floods"
  kind    = "zone"
  phase   = "ddos_l7"

  rules = [
    {
      ref         = "hookwell_floods"
      description = "Hookwell: many requests of one sender are webhooks before they are an attack"
      expression  = "true"
      action      = "execute"

      action_parameters = {
        # Cloudflare's HTTP DDoS Attack Protection, in every zone.
        id = "4d21379b4f9f4bb088e0729962c8b3cf"
        overrides = {
          sensitivity_level = "low"
        }
      }
    },
  ]
}

# For the whole zone, since no rule can leave a path out. It turns away whatever is not a browser, as webhooks are.
resource "cloudflare_bot_management" "zone" {
  count = var.disable_bot_fight_mode ? 1 : 0

  zone_id    = var.zone_id
  fight_mode = false
}

#!/bin/sh
# What Hookwell costs on AWS, by the formula of cost.md. Every number can be set: INGEST_MS=20 BODY_KB=300 docs/cost.sh
# US dollars without taxes and free tiers, us-east-1 on arm64, as listed in November 2026. The database is not in it.
set -eu
LC_ALL=C awk -v ingest_ms="${INGEST_MS:-10}" -v persist_ms="${PERSIST_MS:-60}" -v api_ms="${API_MS:-10}" \
  -v retention_ms="${RETENTION_MS:-500}" -v batch="${BATCH:-50}" -v body_kb="${BODY_KB:-2}" \
  -v cold="${COLD_SHARE:-0.001}" -v init_ms="${INIT_MS:-1500}" -v log_bytes="${LOG_BYTES:-800}" \
  -v poll_s="${POLL_SECONDS:-10}" -v hours="${PAGE_HOURS:-730}" -v answer_kb="${ANSWER_KB:-0.5}" '
function ceil(x) { return x == int(x) ? x : int(x) + 1 }
function line(name, dollars) { printf "  %-44s %8.2f\n", name, dollars }
BEGIN {
  gb_second = 0.0000133334; invocation = 0.20; gateway = 1.00; sqs = 0.40; logs = 0.50; out = 0.09
  ingest_gb = 1769 / 1024; persist_gb = 1; api_gb = 1; retention_gb = 0.5
  million = 1000000

  units = ceil((body_kb * 4 / 3 + 1) / 64)
  if (units > 16) units = 16
  # Up to ten messages, and up to 64 KiB, are one request.
  together = 10 < 64 / (body_kb * 4 / 3 + 1) ? 10 : 64 / (body_kb * 4 / 3 + 1)
  receives = together > 1 ? 1 / together : units

  g = gateway * ceil(body_kb / 512)
  i = invocation + (ingest_ms + cold * init_ms) / 1000 * ingest_gb * gb_second * million
  q = sqs * (units + receives + 0.1)
  p = (invocation + persist_ms / 1000 * persist_gb * gb_second * million) / batch
  l = log_bytes * logs / 1000
  printf "a million captures of %s KB\n", body_kb
  line("gateway", g); line("ingest", i); line("queue", q); line("persist", p); line("logs", l)
  line("together", g + i + q + p + l)

  polls = hours * 3600 / poll_s / million
  a = polls * (gateway + invocation + api_ms / 1000 * api_gb * gb_second * million + 0.25 * logs)
  o = polls * million * answer_kb / 1024 / 1024 * out
  printf "a page open for %s hours, asking every %s seconds\n", hours, poll_s
  line("gateway, api and log", a); line("answers", o); line("together", a + o)

  r = 8760 / million * (invocation + 1 + retention_ms / 1000 * retention_gb * gb_second * million)
  e = 5 * 3 * 60 * 730 / million * sqs
  printf "a month, with nothing to do\n"
  line("6 secrets", 6 * 0.40); line("12 alarms, 8 metrics", 12 * 0.10 + 8 * 0.30)
  line("retention", r); line("asking the empty queue", e)
  line("together", 6 * 0.40 + 12 * 0.10 + 8 * 0.30 + r + e)
}'

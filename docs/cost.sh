#!/bin/sh
# What Hookwell costs, by the formula of cost.md. Every number can be set: INGEST_MS=20 BODY_KB=300 docs/cost.sh
# US dollars without taxes and free tiers: AWS in us-east-1 on arm64, and CockroachDB Basic, as listed in November 2026.
set -eu
LC_ALL=C awk -v ingest_ms="${INGEST_MS:-10}" -v persist_ms="${PERSIST_MS:-20}" -v api_ms="${API_MS:-10}" \
  -v retention_ms="${RETENTION_MS:-500}" -v batch="${BATCH:-5}" -v body_kb="${BODY_KB:-2}" \
  -v cold="${COLD_SHARE:-0.001}" -v init_ms="${INIT_MS:-1500}" -v log_bytes="${LOG_BYTES:-350}" \
  -v poll_s="${POLL_SECONDS:-10}" -v hours="${PAGE_HOURS:-730}" -v answer_kb="${ANSWER_KB:-0.5}" \
  -v write_ru="${WRITE_RU:-11.5}" -v remove_ru="${REMOVE_RU:-6}" -v read_ru="${READ_RU:-2}" \
  -v stored_kb="${STORED_KB:-3}" -v days="${DAYS:-7}" -v stored_gb="${STORED_GB:-64}" \
  -v large_kb="${LARGE_KB:-2048}" -v large_ms="${LARGE_MS:-200}" -v hook_rate="${HOOK_RATE:-100}" -v page_rate="${PAGE_RATE:-50}" -v wait_s="${WAIT_SECONDS:-5}" '
function ceil(x) { return x == int(x) ? x : int(x) + 1 }
function line(name, dollars) { printf "  %-44s %8.2f\n", name, dollars }
BEGIN {
  gb_second = 0.0000133334; invocation = 0.20; gateway = 1.00; sqs = 0.40; logs = 0.50; out = 0.09
  ingest_gb = 1769 / 1024; persist_gb = 1; api_gb = 1; retention_gb = 0.5
  million = 1000000
  # CockroachDB Basic: a million request units, a gigabyte for a month.
  unit = 0.20; stored = 0.50

  units = ceil((body_kb * 4 / 3 + 1) / 64)
  if (units > 16) units = 16
  # Up to ten messages, and up to 64 KiB, are one request.
  waiting = batch < 10 ? batch : 10
  together = waiting < 64 / (body_kb * 4 / 3 + 1) ? waiting : 64 / (body_kb * 4 / 3 + 1)
  receives = together > 1 ? 1 / together : units

  g = gateway * ceil(body_kb / 512)
  i = invocation + (ingest_ms + cold * init_ms) / 1000 * ingest_gb * gb_second * million
  q = sqs * (units + receives + 0.1)
  p = (invocation + persist_ms / 1000 * persist_gb * gb_second * million) / batch
  l = log_bytes * logs / 1000
  printf "a million captures of %s KB\n", body_kb
  line("gateway", g); line("ingest", i); line("queue", q); line("persist", p); line("logs", l)
  aws = g + i + q + p + l
  line("AWS together", aws)
  d = (write_ru + remove_ru) * unit
  s = stored_kb * million / 1024 / 1024 * stored * days / 30.4
  line("CockroachDB Basic, written and removed", d); line("CockroachDB Basic, stored", s)
  line("with the database", aws + d + s)

  lg = gateway * ceil(large_kb / 512)
  li = invocation + (large_ms + cold * init_ms) / 1000 * ingest_gb * gb_second * million
  # A put each; deletions cost nothing. The message is small, as that of any capture without a body.
  put = 5.00; bucket = 0.023; get = 0.40
  ls = large_kb * million / 1024 / 1024 * bucket * days / 30.4
  lq = sqs * (1 + 0.1 + 0.1)
  printf "a million bodies of %s KB in the bucket\n", large_kb
  line("gateway", lg); line("ingest", li); line("queue, persist, logs", lq + p + l)
  line("bucket, put", put); line("bucket, stored", ls)
  line("AWS together", lg + li + lq + p + l + put + ls)
  line("CockroachDB Basic, as above", d + s)
  line("with the database", lg + li + lq + p + l + put + ls + d + s)
  line("each read once: bucket and answers", get + large_kb * million / 1024 / 1024 * out)

  polls = hours * 3600 / poll_s / million
  a = polls * (gateway + invocation + api_ms / 1000 * api_gb * gb_second * million + 0.25 * logs)
  o = polls * million * answer_kb / 1024 / 1024 * out
  printf "a page open for %s hours, asking every %s seconds\n", hours, poll_s
  line("gateway, api and log", a); line("answers", o); line("together", a + o)

  r = 43800 / million * (invocation + 1 + retention_ms / 1000 * retention_gb * gb_second * million)
  e = 5 * 3 * 60 * 730 / million * sqs
  printf "a month, with nothing to do\n"
  line("8 secrets", 8 * 0.40); line("22 alarms, 17 metrics", 22 * 0.10 + 17 * 0.30)
  line("retention", r); line("asking the empty queue", e)
  line("together", 8 * 0.40 + 22 * 0.10 + 17 * 0.30 + r + e)

  month = 730 * 3600 / million
  h = month * hook_rate
  w = month * page_rate
  kept = h * s < stored_gb * stored ? h * s : stored_gb * stored
  wa = w * (gateway + invocation + wait_s * api_gb * gb_second * million + 0.25 * logs)
  # A wait looks after 0.1, 0.3, 0.7 and 1.5 s, and then once a second.
  looks = 1 + (wait_s < 2 ? 4 : 4 + wait_s - 1.5)
  wd = w * looks * read_ru * unit
  printf "the worst month: hooks at %s a second and waits of %s s at %s a second, day and night\n", hook_rate, wait_s, page_rate
  line("AWS, hooks", h * aws); line("CockroachDB Basic, hooks", h * d + kept)
  line("AWS, waits", wa); line("CockroachDB Basic, waits", wd)
  line("together", h * (aws + d) + kept + wa + wd)
}'

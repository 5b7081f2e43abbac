#!/bin/sh
# The owner or view key of a hook, for the operator: docs/owner-key.sh own|view HOOK_ID, with READER_KEYS in the
# environment. Needs openssl. A key is HMAC-SHA-256 over "own" or "view" and the 16 random bytes of the id.
set -eu
what=$1
hook=$2

decode() {
  text=$1
  while [ $((${#text} % 4)) -ne 0 ]; do text="$text="; done
  printf %s "$text" | tr '_-' '/+' | openssl base64 -d -A
}
bytes() { decode "$hook" | dd bs=1 skip="$1" count="$2" 2>/dev/null; }
hex() { od -An -v -tx1 | tr -d ' \n'; }

number=$(printf '%d' "0x$(bytes 1 1 | hex)")
key=$(printf '%s\n' "$READER_KEYS" | tr ',' '\n' | sed -n "s/^ *0*$number://p" | tr -d ' ')
[ -n "$key" ] || { echo "READER_KEYS has no key $number" >&2; exit 1; }

{ printf %s "$what"; bytes 9 16; } |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(decode "$key" | hex)" -binary |
  openssl base64 -A | tr '/+' '_-' | tr -d '='
echo

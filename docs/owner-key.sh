#!/bin/sh
# The owner or view key of a hook, for the operator: docs/owner-key.sh own|view HOOK_ID, with READER_KEYS in the
# environment. Needs openssl. A key is HMAC-SHA-256 over "own" or "view" and the 16 random bytes of the id. Secrets go
# through pipes only: openssl takes an HMAC's key on its command line, which every user of the machine can read, so
# the HMAC is made of its two hashes here.
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
hash() { openssl dgst -sha256 -binary; }

# The key in a block of 64 bytes, each combined with $1.
padded() {
  rest=$key
  while [ ${#rest} -lt 128 ]; do rest="${rest}00"; done
  while [ -n "$rest" ]; do
    after=${rest#??}
    printf "\\$(printf %03o $((0x${rest%"$after"} ^ $1)))"
    rest=$after
  done
}

number=$(printf '%d' "0x$(bytes 1 1 | hex)")
entry=$(printf '%s\n' "$READER_KEYS" | tr ',' '\n' | sed -n "s/^ *0*$number://p" | tr -d ' ')
[ -n "$entry" ] || { echo "READER_KEYS has no key $number" >&2; exit 1; }
key=$(decode "$entry" | hex)
# As HMAC wants it of a key that is longer than a block.
[ ${#key} -le 128 ] || key=$(decode "$entry" | hash | hex)

{ padded 0x5c; { padded 0x36; printf %s "$what"; bytes 9 16; } | hash; } | hash |
  openssl base64 -A | tr '/+' '_-' | tr -d '='
echo

#!/bin/sh
# Compares cold starts of ingest on AWS, as the managed jar and as the package: docs/cold-start.sh [STARTS]
# Makes a role and two functions of its own, starts each so often (100), prints Lambda's Init Duration, and removes them.
# Touches no stack and no queue: the request names no hook. Needs both builds (mvn package -Pcold-start) and the AWS CLI.
set -eu
starts=${1:-100}
cd "$(dirname "$0")/.."
package=$(find distribution/target -maxdepth 1 -name 'ingest-*.zip' | head -n 1)
jar=ingest-function/target/ingest-function.jar
[ -n "$package" ] && [ -f "$jar" ] || { echo "build it first: mvn package -Pcold-start -DskipTests" >&2; exit 1; }
architecture=${package##*/ingest-}
architecture=${architecture%.zip}
name=hookwell-cold-start-$$
region=$(aws configure get region || true)
region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$region}}
AWS_PAGER='' && export AWS_PAGER
scratch=$(mktemp -d)

clean_up() {
  for kind in jar package; do
    aws lambda delete-function --function-name "$name-$kind" >/dev/null 2>&1 || true
    aws logs delete-log-group --log-group-name "/aws/lambda/$name-$kind" >/dev/null 2>&1 || true
  done
  aws iam detach-role-policy --role-name "$name" --policy-arn "$policy" >/dev/null 2>&1 || true
  aws iam delete-role --role-name "$name" >/dev/null 2>&1 || true
  rm -rf "$scratch"
}
policy=arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
trap clean_up EXIT
trap 'exit 1' INT TERM

# In a file: the list of processes shows what is on a command line.
settings() {
  printf '{"Variables":{"QUEUE_URL":"https://sqs.%s.amazonaws.com/000000000000/none","HOOK_KEYS":"%s","START":"%s"}}' \
    "$region" "$keys" "$1" > "$scratch/settings"
}
keys=1:$(head -c 48 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_')
printf '%s' '{"version":"2.0","rawPath":"/h/none","rawQueryString":"","headers":{"host":"cold"},"requestContext":{"requestId":"cold","timeEpoch":0,"http":{"method":"POST","path":"/h/none","protocol":"HTTP/1.1","sourceIp":"192.0.2.1"}},"body":"x","isBase64Encoded":false}' > "$scratch/event"

role=$(aws iam create-role --role-name "$name" --query Role.Arn --output text --assume-role-policy-document \
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}')
aws iam attach-role-policy --role-name "$name" --policy-arn "$policy"
echo "waiting until IAM knows the role ..." >&2
sleep "${COLD_START_ROLE_SECONDS:-15}"

# create KIND RUNTIME FILE
create() {
  settings 0
  aws lambda create-function --function-name "$name-$1" --runtime "$2" --zip-file "fileb://$3" --role "$role" \
    --handler dev.hookwell.ingest.IngestHandler --architectures "$architecture" --memory-size 1769 --timeout 6 \
    --environment "file://$scratch/settings" >/dev/null
  aws lambda wait function-active-v2 --function-name "$name-$1"
}
create jar java25 "$jar"
create package provided.al2023 "$package"

# Another setting ends the instances there are, so that each call starts one.
measure() {
  start=1
  while [ "$start" -le "$starts" ]; do
    settings "$start"
    aws lambda update-function-configuration --function-name "$name-$1" --environment "file://$scratch/settings" >/dev/null
    aws lambda wait function-updated-v2 --function-name "$name-$1"
    aws lambda invoke --function-name "$name-$1" --log-type Tail --cli-binary-format raw-in-base64-out \
      --payload "fileb://$scratch/event" --query LogResult --output text "$scratch/answer-$1" | base64 -d > "$scratch/log-$1"
    sed -n 's/.*Init Duration: \([0-9.]*\) ms.*/\1/p' "$scratch/log-$1" >> "$scratch/$1"
    if grep -q start.without-cache "$scratch/log-$1"; then echo without >> "$scratch/without-$1"; fi
    start=$((start + 1))
  done
}
measure jar &
other=$!
measure package
wait "$other"

for kind in jar package; do
  sort -n "$scratch/$kind" | awk -v kind="$kind" '
    { ms[NR] = $1 }
    function at(share) { i = int(share * NR); return ms[i < 1 ? 1 : i] }
    END { printf "%-8s %4d starts   p50 %5.0f ms   p90 %5.0f ms   p99 %5.0f ms\n", kind, NR, at(0.5), at(0.9), at(0.99) }'
done
if [ -f "$scratch/without-package" ]; then
  echo "WITHOUT ITS CACHE: $(wc -l < "$scratch/without-package") starts of the package (docs/cold-start.md)"
fi

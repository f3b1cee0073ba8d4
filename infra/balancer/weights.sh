#!/bin/bash
# The weights of the running balancer's rules; what is set outlives it in a volume.
#   weights                       prints them, as the running nginx says
#   weights set PRIORITY < FILE   gives that rule other ones: what `node infra/balancer/main.ts weights` has printed
set -euo pipefail

folder=/var/lib/alb

running() {
  exec 3<>/dev/tcp/127.0.0.1/8081
  printf 'GET /weights HTTP/1.0\r\n\r\n' >&3
  sed '1,/^\r$/d' <&3
  exec 3>&-
}

if [[ ${1-} != set ]]; then
  running
  exit
fi
rule=$2

# Tested under another name: what nginx refuses never comes to lie where a restart would find it.
candidate=$folder/$rule.new
trap 'rm -f $candidate' EXIT
cat > $candidate
expected=$(sed -n "s/^ *default \"\($rule=.*\)\";$/\1/p" $candidate)
if [[ ! $expected ]]; then
  echo "This does not give rule $rule its weights. They are written by: node infra/balancer/main.ts weights" >&2
  exit 1
fi
sed "s#include $folder/.*#& include $candidate;#" /etc/nginx/nginx.conf > /tmp/$rule.conf
nginx -e stderr -q -t -c /tmp/$rule.conf
mv $candidate $folder/$rule.conf
nginx -e /dev/null -s reload

# A reload is over when new connections get the new weights.
for _ in {1..100}; do
  running | grep -qxF "$expected" && exit
  sleep 0.05
done
echo "nginx has not taken over the weights within 5 seconds; its log says why: docker compose logs alb" >&2
exit 1

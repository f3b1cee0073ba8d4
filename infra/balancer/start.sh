#!/bin/bash
# Starts nginx. The very first start decides where everything goes until weights are set: with FIRST_OWNER=monolith to the
# monolith, as a move begins. Weights that are set lie beside that file, under names that are read after it.
set -euo pipefail

first=/var/lib/alb/0.conf
if [[ ! -e $first && -w ${first%/*} ]]; then
  if [[ ${FIRST_OWNER-} == monolith ]]; then cat /etc/nginx/monolith-weights; fi > $first
fi
# The registrar tells nginx which tasks there are, and ends with it.
export LD_LIBRARY_PATH=/usr/local/lib/node
exec node /registrar/infra/balancer/registrar/main.ts -e stderr -c /etc/nginx/nginx.conf "$@"

#!/bin/bash
# One release and its way back under 2,000 requests/s, and a release that fails 8 % under 200, on one real Kubernetes: by
# baton-switch, by the SOP's own kubectl commands, and by Argo Rollouts. Prints what users met of each. Fifteen minutes.
#   peers.sh BUILD FOLDER     Root; needs Go. The machine should have nothing else to do.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
. "$here/load.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

versions=(v1.5.0: v1.6.0: "v1.7.0:ERRORS=8%")
namespaces=(production hand argo)
readonly many=10

kubectl_in() { local namespace=$1; shift; "${inside[@]}" kubectl -n "$namespace" "$@"; }

# Writes down when a way began and when it said that it was done, beside what its users met.
way() { # NAME COMMAND…
  local name=$1; shift
  date -u +%FT%T.%NZ > "$folder/$name.begun"
  "$@" > "$folder/$name.log" 2>&1 < /dev/null || { tail -n 40 "$folder/$name.log" | cut -c1-400; fail "$name failed"; }
  date -u +%FT%T.%NZ > "$folder/$name.done"
}

baton() { # EXIT-CODE VERB FLAGS…
  local expected=$1 code=0; shift
  (cd "$site" && exec "${inside[@]}" timeout 280 "$tools/baton-switch" "$@" --standalone) || code=$?
  [ $code = "$expected" ]
}

by_hand() { # VERSION
  shop_of hand | sed "s/name: shop, namespace: hand, labels: {app: shop}/name: shop-green, namespace: hand/
    s/abels: {app: shop}/abels: {app: shop, version: green}/; s/v1.5.0/$1/" |
    awk -v RS='---\n' 'NR == 3' | "${inside[@]}" kubectl apply -f -
  kubectl_in hand rollout status deployment/shop-green --timeout=300s
  kubectl_in hand patch service shop -p '{"spec":{"selector":{"version":"green"}}}'
}

# Its Service knows no other label than the old pods' `app`: the selector is what it was.
back_by_hand() {
  kubectl_in hand patch service shop -p '{"spec":{"selector":{"version":"blue"}}}'
  kubectl_in hand delete deployment shop-green
}

# The SOP's blue carries its label, and its Service asks for it.
colour_blue() {
  shop_of hand | sed 's/labels: {app: shop}}$/labels: {app: shop, version: blue}}/; s/selector: {app: shop}/selector: {app: shop, version: blue}/
    s/matchLabels: {app: shop}/matchLabels: {app: shop, version: blue}/' > "$folder/hand.yaml"
  kubectl_in hand delete deployment shop --wait
  "${inside[@]}" kubectl apply -f "$folder/hand.yaml"
  kubectl_in hand rollout status deployment/shop --timeout=60s
}

rollout_status() { kubectl_in argo get rollout shop -o jsonpath="{.status.$1}"; }
is_promoted() { [ -n "$(rollout_status currentPodHash)" ] && [ "$(rollout_status blueGreen.activeSelector)" = "$(rollout_status currentPodHash)" ]; }
is_aborted() { [ "$(rollout_status abort)" = true ]; }

argo() { # VERSION STATE
  kubectl_in argo patch rollout shop --type=json -p "[{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\",\"value\":\"127.0.0.1:5000/shop:$1\"}]"
  sleep 2
  wait_until 200 "the rollout of $1" "$2"
}

start_argo() {
  local program; program=$("$repository/tests/cluster/argo-rollouts.sh")
  "${inside[@]}" kubectl apply --server-side -k "$program-crds"
  kubectl_in argo delete deployment shop --wait
  background argo-rollouts "${inside[@]}" "$program" --leader-elect=false --namespaced --namespace=argo
  wait_until 60 "the CRDs" "${inside[@]}" kubectl apply -f "$site/rollout.yaml"
  wait_until 60 "the peer's first version" is_promoted
}

users_of() { # NAME
  service_url=$(url_of "$1")
  wait_until 30 "an answer" "${inside[@]}" curl -sf "$service_url/health"
}

there_and_back() { # WAY THERE… -- BACK…
  local name=$1 there=(); shift
  while [ "$1" != -- ]; do there+=("$1"); shift; done; shift
  load "$name" $many
  sleep 10
  way "$name-there" "${there[@]}"
  sleep 5
  way "$name-back" "$@"
  sleep 5
  unload "$name"
}

bad() { # WAY COMMAND…
  local name=$1; shift
  load "$name"
  sleep 40   # what it is judged beside
  way "$name" "$@"
  # Users on kept connections leave when its pods do.
  sleep 45
  unload "$name"
}

mkdir -p "$2"
world_up "$(cd "$2" && pwd)"
colour_blue > "$folder/colour.log" 2>&1
start_argo > "$folder/argo.log" 2>&1

say "--- control: 2,000 requests/s without a switch"
users_of production; load control $many; sleep 30; unload control
say "--- there and back"
there_and_back baton baton 0 run --release v1.6.0 -- baton 0 rollback --release v1.6.0 --reason "customers call"
users_of hand; there_and_back hand by_hand v1.6.0 -- back_by_hand
users_of argo; there_and_back argo argo v1.6.0 is_promoted -- argo v1.5.0 is_promoted
say "--- a release that fails 8 %"
users_of production; bad baton-bad baton 4 run --release v1.7.0
users_of argo; bad argo-bad argo v1.7.0 is_aborted
python3 "$here/peers.py" "$folder"
say "peers: passed after $SECONDS s"

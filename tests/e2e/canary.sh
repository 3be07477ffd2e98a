#!/bin/bash
# Canaries on a real Kubernetes and under load, by the number of pods and by the weights of an HTTPRoute that a real gateway
# (Traefik) obeys: taken back from each share, then carried to the end. At each share a load of its own counts who answers
# more than 2,000 requests; no request may fail. Six minutes.
#   canary.sh BUILD FOLDER     Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
. "$here/load.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

repository_of_images=127.0.0.1:5000/shop
versions=(v1.5.0: v1.6.0: v1.7.0: v1.8.0:)
namespaces=(pods route)
steps='[5%, 25%, 50%, 100%]'

shop_of() { sed "s/production/$1/; s/replicas: 3/replicas: 6/" "$repository/tests/e2e/site/shop.yaml"; } # NAMESPACE

release() { # EXIT-CODE NAMESPACE VERB FLAGS…
  local expected=$1 namespace=$2 verb=$3 log since=$SECONDS code=0; shift 3
  log=$folder/$namespace-$verb-$SECONDS.log
  (cd "$folder" && exec "${inside[@]}" "$tools/baton-switch" "$verb" --standalone --dir="$folder/$namespace-baton" --deadline 5m \
    --set app=shop --set image="$repository_of_images" --set kubernetes.namespace="$namespace" --set switch.soak=5s \
    --set switch.verify_rollback=5s --set switch.strategy=canary --set "switch.canary={steps: $steps, hold: 3s, traffic: ${traffic[$namespace]}}" \
    --set "switch.public=[$service_url/health]" --set 'switch.smoke=[{path: /health}]' \
    --set 'switch.identify={header: X-App-Version}' "$@") > "$log" 2>&1 < /dev/null || code=$?
  say "$namespace: baton-switch $verb $*: exit $code after $((SECONDS - since)) s"
  [ $code = "$expected" ] || { tail -n 40 "$log" | cut -c1-400; fail "$expected expected"; }
}

# Who answers, of 2,200 requests on both kinds of connections.
count() { # NAMESPACE VERSION PERCENT POINTS
  "${inside[@]}" "$app" probe "$service_url/" 220 10 "$folder/counted.json"
  python3 "$here/canary.py" share "$folder/counted.json" "$@"
}

# Whoever carries the header meets the new version at any share.
meet() { # VERSION
  local seen
  for _ in {1..40}; do
    seen=$("${inside[@]}" curl -sS -m 2 -o /dev/null -w '%header{x-app-version}' -H 'X-Tester: yes' "$service_url/")
    [ "$seen" = "$1" ] || fail "a tester met $seen"
  done
}

take_back() { # NAMESPACE VERSION STAGE
  release 75 "$1" run --release "$2" --until "$3" --retry-failed-digest
  release 0 "$1" rollback --reason "customers call"
  rm -rf "$folder/$1-baton"
}

pods_of() { "${inside[@]}" kubectl -n "$1" get deployment shop-green -o jsonpath='{.spec.replicas}'; } # NAMESPACE

route() {
  cat << YAML
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: route}
spec: {parentRefs: [{name: gate, namespace: default}], rules: [{backendRefs: [{name: shop, port: 80}]}]}
YAML
}

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
start_prometheus
"$repository/tests/cluster/cluster.sh" gateway "$folder/cluster"
route | "${inside[@]}" kubectl apply -f - > /dev/null
declare -A traffic=([pods]=replicas [route]="gateway-api, testers: ['X-Tester: yes']")
declare -A address=([pods]=$service_url [route]=http://10.97.0.1:8000)
# Of six pods 5 % are one of seven; which pod a connection gets is drawn, which backend a gateway picks is a fixed round.
declare -A asked=([pods]="14.3 25 50" [route]="5 25 50") points=([pods]=5 [route]=1)

for namespace in "${namespaces[@]}"; do
  service_url=${address[$namespace]}
  wait_until 30 "an answer at $service_url" "${inside[@]}" curl -sf "$service_url/health"
  rules=$("${inside[@]}" kubectl -n route get httproute shop -o jsonpath='{.spec.rules}')
  load "$namespace-begun"
  for stage in ready 5% 25% 50%; do take_back "$namespace" v1.6.0 $stage; done
  unload "$namespace-begun"
  stages=(5% 25% 50%) shares=(${asked[$namespace]})
  for at in 0 1 2; do   # counted alone: a gateway's round is one for all who ask
    release 75 "$namespace" run --release v1.7.0 --until "${stages[at]}"
    count "$namespace" v1.7.0 "${shares[at]}" "${points[$namespace]}"
    [ "$namespace" = pods ] || meet v1.7.0
  done
  load "$namespace-ended"
  release 0 "$namespace" run --release v1.7.0
  count "$namespace" v1.7.0 100 0
  rm -rf "$folder/$namespace-baton"
  # Judged by metrics, beside one more pod of the old release.
  release 75 "$namespace" run --release v1.8.0 --until 25% --set metrics.prometheus=http://127.0.0.1:9090 --set switch.canary.hold=40s \
    --set switch.soak_max=10s
  grep -o "compared with '[^']*' of the old release" <(python3 "$here/canary.py" held "$folder/$namespace-baton") || fail "not compared"
  [ "$(pods_of "$namespace")" = 7 ] || fail "the old release has $(pods_of "$namespace") pods"
  release 75 "$namespace" run --release v1.8.0 --until 50%
  release 0 "$namespace" rollback --reason "customers call"
  [ "$(pods_of "$namespace")" = 6 ] || fail "the old release has $(pods_of "$namespace") pods"
  "${inside[@]}" kubectl -n "$namespace" get service shop -o jsonpath='{.metadata.annotations.baton/move}' > "$folder/$namespace-move.json"
  [ "$rules" = "$("${inside[@]}" kubectl -n route get httproute shop -o jsonpath='{.spec.rules}')" ] || fail "the route is not its owner's"
  unload "$namespace-ended"
  python3 "$here/canary.py" users "$folder" "$namespace"
done

#!/bin/bash
# The first switch of what production Deployments really look like, on a real Kubernetes and under load: a Service that
# never knew colours, two containers, a HorizontalPodAutoscaler with figures of a real metrics-server and no stabilisation
# window, a PodDisruptionBudget. There and back, and there again. No request may fail, the autoscaler sizes the colour that
# serves at every end and is never ambiguous, and the budget keeps its number of that colour's pods. Three minutes.
#   followers.sh BUILD FOLDER     Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

repository_of_images=127.0.0.1:5000/shop
versions=(v1.5.0: v1.6.0: v1.7.0:)
namespaces=(followers)
behavior='{"scaleDown":{"stabilizationWindowSeconds":0}}'

# The second container stands for a mesh's or a log shipper's: another image, no readiness probe.
shop_of() { # NAMESPACE
  sed "s/production/$1/" "$repository/tests/e2e/site/shop.yaml"
  cat << YAML
        - name: sidecar
          image: localhost/pause:1
          resources: {requests: {cpu: 10m, memory: 16Mi}}
YAML
}

followers() {
  cat << YAML
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop, namespace: followers}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 3
  maxReplicas: 6
  metrics: [{type: ContainerResource, containerResource: {container: shop, name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
  behavior: $behavior
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop, namespace: followers}
spec: {minAvailable: 2, selector: {matchLabels: {app: shop}}}
YAML
}

kubectl_in() { "${inside[@]}" kubectl -n followers "$@"; }

sizes() { # DEPLOYMENT: that is what the autoscaler sizes, and it does
  [ "$(kubectl_in get hpa shop -o jsonpath='{.spec.scaleTargetRef.name} {.status.conditions[?(@.type=="ScalingActive")].status}')" = "$1 True" ]
}

release() { # VERB COLOUR DEPLOYMENT FLAGS…
  local verb=$1 colour=$2 deployment=$3 log=$folder/$1-$2-$SECONDS.log since=$SECONDS code=0; shift 3
  (cd "$folder" && exec "${inside[@]}" "$tools/baton-switch" "$verb" --standalone --deadline 5m --set app=shop \
    --set image="$repository_of_images" --set kubernetes.namespace=followers --set switch.soak=5s --set switch.verify_rollback=5s \
    --set "switch.public=[$url/health]" --set 'switch.smoke=[{path: /health}]' --set 'switch.identify={header: X-App-Version}' "$@") \
    > "$log" 2>&1 < /dev/null || code=$?
  say "baton-switch $verb $*: exit $code after $((SECONDS - since)) s"
  [ $code = 0 ] || { tail -n 40 "$log" | cut -c1-400; fail "0 expected"; }
  sizes "$deployment" || fail "the autoscaler does not size '$deployment': $(kubectl_in get hpa shop -o yaml)"
  [ "$(kubectl_in get hpa shop -o jsonpath='{.spec.behavior.scaleDown.stabilizationWindowSeconds} {.spec.behavior.scaleDown.selectPolicy} {.metadata.annotations.baton/behavior}')" = "0 Max " ] \
    || fail "its behaviour is not its owner's: $(kubectl_in get hpa shop -o yaml)"
  [ "$(kubectl_in get pdb shop -o jsonpath='{.spec.selector.matchLabels}')" = "{\"app\":\"shop\",\"version\":\"$colour\"}" ] \
    || fail "the budget does not guard '$colour' alone"
  guards "$colour"
}

evict() { # POD
  printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s","namespace":"followers"}}' "$1" \
    | kubectl_in create --raw "/api/v1/namespaces/followers/pods/$1/eviction" -f - 2>&1 || true
}

# All pods of the colour are asked to go at once, as a drain of their nodes would ask: as many stay as the budget says.
guards() { # COLOUR
  local pod answer granted=0 refused=0
  for pod in $(kubectl_in get pods -l "app=shop,version=$1" -o name); do
    answer=$(evict "${pod#pod/}")
    case $answer in
      *Success*) granted=$((granted + 1)) ;;
      *"violate the pod's disruption budget"*) refused=$((refused + 1)) ;;
      *) fail "$1: an eviction was answered: $answer" ;;
    esac
  done
  say "$1: of its pods, all asked to go at once, $granted were let go and $refused kept"
  [ $granted -ge 1 ] && [ $refused = 2 ] || fail "the budget does not guard '$1'"
  kubectl_in rollout status "deployment/$(kubectl_in get hpa shop -o jsonpath='{.spec.scaleTargetRef.name}')" --timeout=60s > /dev/null
}

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
"$repository/tests/cluster/cluster.sh" metrics "$folder/cluster"
url=$service_url
followers | "${inside[@]}" kubectl apply -f - > /dev/null
background followers-load "${inside[@]}" env --default-signal=INT hey -z 3600s -c 5 -q 15 -t 5 -disable-keepalive "$url/"
load=$!
wait_until 120 "figures for the autoscaler" sizes shop
background seen "${inside[@]}" kubectl -n followers get hpa shop --watch -o json
begun=$SECONDS
release run green shop-green --release v1.6.0
release rollback blue shop --reason "customers call"
release run green shop-green --release v1.7.0
seconds=$((SECONDS - begun))
kill -INT $load
wait $load || fail "the load ended badly; its log lies in $folder"
python3 "$here/followers.py" "$folder/seen.log"
python3 "$here/adoption.py" users "$folder" followers "0 0 0" $seconds

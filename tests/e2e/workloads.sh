#!/bin/bash
# StatefulSets and DaemonSets on a real Kubernetes and under load. A StatefulSet of three pods behind a normal and a headless
# Service: blue-green is refused; a good release and a person's way back; one that never gets ready and one that fails its
# smoke test, of which no other pod is replaced; a good one by the headless Service. A DaemonSet whose owner lets the next pod
# come first: a good release, and one that never gets ready. No request may fail to connect. Four minutes.
#   workloads.sh BUILD FOLDER     Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
. "$here/load.sh"
. "$here/roll.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

repository_of_images=127.0.0.1:5000/shop
versions=(v1.5.0: v1.6.0: v1.6.1: "v1.7.0:ERRORS=100%" "v1.7.1:READY_AFTER=1h")
namespaces=(stateful daemons)

workload_of() { case $1 in stateful) echo statefulset ;; *) echo daemonset ;; esac; }

shop_of() {
  local shop
  shop=$(sed "s/production/$1/" "$here/site/shop.yaml")
  if [ "$1" = stateful ]; then
    sed 's/kind: Deployment/kind: StatefulSet/; s/^  replicas: 3/&\n  serviceName: shop-pods/' <<< "$shop"
    printf -- '---\napiVersion: v1\nkind: Service\nmetadata: {name: shop-pods, namespace: %s}\nspec: {clusterIP: None, selector: {app: shop}}\n' "$1"
  else
    sed 's/kind: Deployment/kind: DaemonSet/; s/^  replicas: 3/  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}/' <<< "$shop"
  fi
}

pods_by_name() { "${inside[@]}" kubectl -n "$namespace" get pods -l app=shop --sort-by=.metadata.name -o jsonpath='{.items[*].metadata.uid}'; }

refused() { # VERSION: found at its first pod, the one of the highest number
  local before
  wait_until 30 "the pods of the release before to end" are_three
  before=$(pods_by_name)
  release 4 run --release "$1"
  wait_until 30 "the pod of $1 to end" are_three
  [ "$(pods_by_name | cut -d' ' -f1-2)" = "$(cut -d' ' -f1-2 <<< "$before")" ] || fail "$1: live pods were replaced: $before, now $(pods_by_name)"
}

verdict() { # NAME GOOD…
  python3 - "$here" "$folder" "$@" << 'PY'
import sys
sys.path.insert(0, sys.argv[1])
from load import Load, say
load = Load(sys.argv[2], sys.argv[3])
load.require_no_failure()
load.require_no_error(*sys.argv[4:])
say(f"{sys.argv[3]}: answers by version: { {version: sum(entry['answers'] for entry in load.met(version).values()) for version in sorted(load.versions)} }")
PY
}

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"

namespace=stateful
service_url=$(url_of $namespace)
release 3 run --release v1.6.0 --set switch.strategy=blue-green
load stateful
release 0 run --release v1.6.0
release 0 rollback --reason "customers call"
for version in v1.7.1 v1.7.0; do refused $version; done
unload stateful
verdict stateful v1.5.0 v1.6.0

load headless
release 3 run --release v1.6.1 --set kubernetes.service=shop-pods --set switch.strategy=blue-green
release 0 run --release v1.6.1 --set kubernetes.service=shop-pods
unload headless
verdict headless v1.5.0 v1.6.1

namespace=daemons
service_url=$(url_of $namespace)
load daemons
release 0 run --release v1.6.0
release 4 run --release v1.7.1
unload daemons
verdict daemons v1.5.0 v1.6.0

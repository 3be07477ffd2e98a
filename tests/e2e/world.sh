# Sourced: everything the releases of the end-to-end run live in, inside the cluster's network.
#   world_up FOLDER     all of it
#   cluster_up FOLDER   cluster, images and the first version only; no database, no metrics
#   world_down
# Sets: inside (array), folder, app, service_url; world_up also site. What is set after sourcing: versions, namespaces,
# audited, shop_of and workload_of.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# A soak ends when the kubelet's first CPU rates are there, half a minute after the pods': the late fault comes well after it.
versions=(v1.5.0: v1.6.0: "v1.7.0:ERRORS=8%" "v1.7.1:ERRORS=8% FAULT_AFTER=60s" v1.8.0: v1.8.1: "v1.9.0:ERRORS=40%")
namespaces=(production)   # a shop in each; NAME=60s: its pods are scraped that often
audited=()   # a group: what its members ask is written to FOLDER/cluster/audit.log
started=()
are_namespaces_ours=

say() { echo "e2e: $*"; }
fail() { echo "e2e: FAILED: $*" >&2; exit 1; }

background() { # NAME COMMAND…: ended by world_down
  local name=$1; shift
  "$@" < /dev/null > "$folder/$name.log" 2>&1 &
  started+=($!)
}

wait_until() { # SECONDS WHAT COMMAND…
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $end ] || fail "$what did not happen in time; logs lie in $folder"
    sleep 0.2
  done
}

# Nobody's current context is ever deployed into. Another cluster's node must be this machine: its pods are scraped and
# loaded at their own addresses, and its images come from this machine's loopback.
find_cluster() {
  local namespace
  unset KUBECONFIG
  if [ -n "${BATON_E2E_KUBECONFIG:-}" ]; then
    PATH=$("$repository/tests/cluster/kubernetes.sh"):$PATH
    inside=(env "KUBECONFIG=$BATON_E2E_KUBECONFIG")
    say "target: $("${inside[@]}" kubectl config view --minify -o jsonpath='{.clusters[0].cluster.server}') (BATON_E2E_KUBECONFIG)"
    for namespace in "${namespaces[@]%%=*}"; do
      ! "${inside[@]}" kubectl get namespace "$namespace" > /dev/null 2>&1 || fail "its namespace '$namespace' is not ours"
    done
  else
    say "target: a Kubernetes of its own, in a network namespace"
    "$repository/tests/cluster/cluster.sh" up "$folder/cluster" "${audited[@]}"
    inside=("$repository/tests/cluster/cluster.sh" run "$folder/cluster")
    # kube-proxy masquerades what comes from the node's address to ports that meet pods' sockets in TIME_WAIT: about one
    # fresh connection in 2,000 hangs, with or without a switch. From the bridge's address none does.
    routed=10.96.0.0/16
  fi
  say "$("${inside[@]}" kubectl version | sed -n 's/^Server Version: /Kubernetes /p')"
}

start_postgres() {
  local bin=/usr/lib/postgresql/15/bin
  database=$(mktemp -d)   # of its own: the server is not root, and FOLDER may be closed to it
  chown postgres "$database"
  setpriv --reuid=postgres --regid=postgres --init-groups $bin/initdb -D "$database/db" -A trust -U shop --no-sync > "$folder/initdb.log"
  background postgres "${inside[@]}" setpriv --reuid=postgres --regid=postgres --init-groups \
    $bin/postgres -D "$database/db" -h 127.0.0.1 -p 5432 -k "$database" -c fsync=off
  wait_until 20 PostgreSQL "${inside[@]}" pg_isready -h 127.0.0.1 -U shop -d postgres
  "${inside[@]}" psql -q -h 127.0.0.1 -U shop -d postgres -c 'CREATE DATABASE shop'
}

start_registry() {
  printf 'version: 0.1\nstorage: {filesystem: {rootdirectory: %s}}\nhttp: {addr: "127.0.0.1:5000"}\n' "$folder/registry" > "$folder/registry.yml"
  background registry "${inside[@]}" docker-registry serve "$folder/registry.yml"
  wait_until 20 "the registry" "${inside[@]}" curl -sf http://127.0.0.1:5000/v2/
}

# One binary, a version and its faults in the image's environment: every version has a digest of its own.
push_images() {
  local build=(buildah --root "$folder/images" --runroot "$folder/images-run" --storage-driver vfs) entry version fault
  mkdir "$folder/context"
  cp "$app" "$folder/context/app"
  for entry in "${versions[@]}"; do
    version=${entry%%:*} fault=${entry#*:}
    printf 'FROM scratch\nCOPY app /app\nENV VERSION=%s %s\nENTRYPOINT ["/app", "serve"]\n' "$version" "$fault" > "$folder/Containerfile"
    "${build[@]}" bud -q --isolation chroot -f "$folder/Containerfile" -t "shop:$version" "$folder/context" > /dev/null
    "${inside[@]}" "${build[@]}" push -q --tls-verify=false "shop:$version" "docker://127.0.0.1:5000/shop:$version" > /dev/null
  done
}

start_prometheus() {
  local node
  node=$("${inside[@]}" kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}')
  NODE=$node envsubst < "$repository/tests/e2e/site/prometheus.yml" > "$folder/prometheus.yml"
  echo '[]' > "$folder/targets.json"
  background targets "${inside[@]}" python3 "$repository/tests/e2e/targets.py" "$folder/targets.json" "${namespaces[@]}"
  background prometheus "${inside[@]}" prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/tsdb" \
    --web.listen-address="${metrics_address:-127.0.0.1:9090}"
  wait_until 30 Prometheus "${inside[@]}" curl -sf http://127.0.0.1:9090/-/ready
}

shop_of() { sed "s/production/$1/" "$repository/tests/e2e/site/shop.yaml"; } # NAMESPACE

workload_of() { echo deployment; } # NAMESPACE

url_of() { echo "http://$("${inside[@]}" kubectl -n "$1" get service shop -o jsonpath='{.spec.clusterIP}')"; } # NAMESPACE

deploy_first_version() {
  local namespace
  are_namespaces_ours=yes
  for namespace in "${namespaces[@]%%=*}"; do shop_of "$namespace" | "${inside[@]}" kubectl apply -f - > /dev/null; done
  for namespace in "${namespaces[@]%%=*}"; do
    "${inside[@]}" kubectl -n "$namespace" rollout status "$(workload_of "$namespace")/shop" --timeout=60s > /dev/null
  done
  [ -z "${routed:-}" ] || "${inside[@]}" ip route add "$routed" dev pods0 src 10.244.0.1
  service_url=$(url_of "${namespaces[0]%%=*}")
  wait_until 20 "the first answer" "${inside[@]}" curl -sf "$service_url/health"
}

cluster_up() {
  folder=$1
  app=$folder/e2e-app
  mkdir -p "$folder"
  (cd "$repository/tests/e2e/app" && CGO_ENABLED=0 go build -o "$app" .)
  find_cluster
  start_registry
  push_images
  deploy_first_version
}

world_up() {
  cluster_up "$1"
  start_postgres
  start_prometheus
  site=$folder/site
  cp -r "$repository/tests/e2e/site" "$site"
  touch "$site"/reports/*  # as if they were made for this release
  export DATABASE_URL=postgresql://shop@127.0.0.1:5432/shop STAGING_URL=$service_url PUBLIC_URL=$service_url HISTORY=history.md
}

# Whatever went wrong before, all of it is tried.
world_down() {
  local pid status=0
  if [ -n "$are_namespaces_ours" ] && [ -n "${BATON_E2E_KUBECONFIG:-}" ]; then
    "${inside[@]}" kubectl delete namespace "${namespaces[@]%%=*}" --timeout=60s > /dev/null || status=1
  fi
  for pid in "${started[@]}"; do kill "$pid" 2> /dev/null; done
  [ ! -d "$folder/cluster" ] || "$repository/tests/cluster/cluster.sh" down "$folder/cluster" || status=1
  wait
  [ -z "${database:-}" ] || rm -rf "$database"
  return $status
}

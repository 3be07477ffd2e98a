# Sourced: everything the releases of the end-to-end run live in, inside the cluster's network namespace.
#   world_up FOLDER TOOLS   world_down
# Sets: inside (array), folder, site, service_url.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
versions=(v1.5.0: v1.6.0: "v1.7.0:ERRORS=8%" "v1.7.1:ERRORS=8% FAULT_AFTER=55s" v1.8.0:)
started=()

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
    [ $SECONDS -lt $end ] || fail "$what did not happen in time"
    sleep 0.2
  done
}

start_postgres() {
  local bin=/usr/lib/postgresql/15/bin data=$folder/postgres
  mkdir -p "$data"; chown postgres "$data"
  setpriv --reuid=postgres --regid=postgres --init-groups $bin/initdb -D "$data/db" -A trust -U shop --no-sync > "$folder/initdb.log"
  background postgres "${inside[@]}" setpriv --reuid=postgres --regid=postgres --init-groups \
    $bin/postgres -D "$data/db" -h 127.0.0.1 -p 5432 -k "$data" -c fsync=off
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
  cp "$app" "$folder/app"
  for entry in "${versions[@]}"; do
    version=${entry%%:*} fault=${entry#*:}
    printf 'FROM scratch\nCOPY app /app\nENV VERSION=%s %s\nENTRYPOINT ["/app", "serve"]\n' "$version" "$fault" > "$folder/Containerfile"
    "${build[@]}" bud -q --isolation chroot -f "$folder/Containerfile" -t "shop:$version" "$folder" > /dev/null
    "${inside[@]}" "${build[@]}" push -q --tls-verify=false "shop:$version" "docker://127.0.0.1:5000/shop:$version" > /dev/null
  done
}

start_prometheus() {
  cp "$repository/tests/e2e/site/prometheus.yml" "$folder/"
  echo '[]' > "$folder/targets.json"
  background targets "${inside[@]}" python3 "$repository/tests/e2e/targets.py" production "$folder/targets.json"
  (cd "$folder" && exec "${inside[@]}" prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/tsdb" \
    --web.listen-address=127.0.0.1:9090 < /dev/null > "$folder/prometheus.log" 2>&1) &
  started+=($!)
  wait_until 30 Prometheus "${inside[@]}" curl -sf http://127.0.0.1:9090/-/ready
}

deploy_first_version() {
  "${inside[@]}" kubectl apply -f "$repository/tests/e2e/site/shop.yaml" > /dev/null
  "${inside[@]}" kubectl -n production rollout status deployment/shop --timeout=60s > /dev/null
  # kube-proxy masquerades what comes from the node's address to ports that meet pods' sockets in TIME_WAIT: about one
  # fresh connection in 2,000 hangs, with or without a switch. From the bridge's address none does.
  "${inside[@]}" ip route add 10.96.0.0/16 dev pods0 src 10.244.0.1
  service_url=http://$("${inside[@]}" kubectl -n production get service shop -o jsonpath='{.spec.clusterIP}')
  wait_until 20 "the first answer" "${inside[@]}" curl -sf "$service_url/health"
}

world_up() {
  folder=$1
  app=$folder/e2e-app
  mkdir -p "$folder"
  (cd "$repository/tests/e2e/app" && CGO_ENABLED=0 go build -o "$app" .)
  "$repository/tests/cluster/cluster.sh" up "$folder/cluster"
  inside=("$repository/tests/cluster/cluster.sh" run "$folder/cluster")
  start_registry
  push_images
  start_postgres
  deploy_first_version
  start_prometheus
  site=$folder/site
  cp -r "$repository/tests/e2e/site" "$site"
  export DATABASE_URL=postgresql://shop@127.0.0.1:5432/shop STAGING_URL=$service_url PUBLIC_URL=$service_url
}

world_down() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2> /dev/null || true; done
  [ -z "${folder:-}" ] || "$repository/tests/cluster/cluster.sh" down "$folder/cluster"
  wait
}

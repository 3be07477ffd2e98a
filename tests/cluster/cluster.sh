#!/bin/bash
# A real Kubernetes with one node and real pods, all of it in a network namespace of its own. Needs root.
#   cluster.sh up FOLDER [GROUP]    state, logs and kubeconfig.yaml go into FOLDER; what members of GROUP ask, into audit.log
#   cluster.sh run FOLDER COMMAND…  in the cluster's network, with KUBECONFIG and PATH set
#   cluster.sh image FOLDER ARCHIVE imports an OCI archive into the node
#   cluster.sh metrics FOLDER       starts metrics-server beside it: autoscalers have figures then
#   cluster.sh gateway FOLDER       starts a gateway beside it, on port 8000 of the node
#   cluster.sh down FOLDER          ends all of it and leaves nothing behind
# Packages: etcd-server containerd runc containernetworking-plugins iptables conntrack iproute2 procps buildah gcc libc6-dev
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
verb=${1:-}; [ $# -ge 2 ] || { sed -n '2,9p' "$0"; exit 2; }
mkdir -p "$2"; folder=$(cd "$2" && pwd); shift 2
namespace=baton-$(printf %s "$folder" | sha256sum | cut -c1-8)
node_ip=10.97.0.1      # on a bridge of its own: the API server's certificate names it, whatever network the machine has
service_range=10.96.0.0/16
pod_range=10.244.0.0/24
socket=$folder/containerd.sock

# `ip netns exec` would mount a new /sys without the cgroups that kubelet and containerd need.
enter() { nsenter --net="/run/netns/$namespace" "$@"; }

# Starts a part of the cluster in the background; `ip netns pids` is how `down` finds it again.
part() { local name=$1; shift; enter setsid "$@" < /dev/null > "$folder/$name.log" 2>&1 & }

await() { # SECONDS WHAT COMMAND…
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { echo "cluster.sh: $what did not come up; its log lies in $folder" >&2; return 1; }
    sleep 0.3
  done
}

make_network() {
  ip netns add "$namespace"
  enter ip link set lo up
  enter ip link add node0 type bridge
  enter ip addr add "$node_ip/32" dev node0
  enter ip link set node0 up
  enter ip route add default dev node0
  enter sysctl -qw net.ipv4.ip_forward=1 || true
  enter sysctl -qw net.bridge.bridge-nf-call-iptables=1 2> /dev/null || true
}

# Kubelets end whatever pods they find below their root of cgroups and do not know: each cluster has a root of its own.
make_cgroups() {
  local hierarchy
  for hierarchy in /sys/fs/cgroup/*/; do
    mkdir -p "$hierarchy$namespace" 2> /dev/null || continue
    [ ! -e "${hierarchy}cpuset.cpus" ] || for file in cpuset.cpus cpuset.mems; do
      cat "$hierarchy$file" > "$hierarchy$namespace/$file"     # version 1: a child begins with no CPU at all
    done
  done
}

remove_cgroups() {
  local group
  find /sys/fs/cgroup -depth -type d -path "*/$namespace*" 2> /dev/null | while read -r group; do rmdir "$group" 2> /dev/null || true; done
}

write_configuration() {
  local token; token=$(openssl rand -hex 16)
  mkdir -p "$folder/cni"
  openssl genrsa -out "$folder/accounts.key" 2048 2> /dev/null
  openssl rsa -in "$folder/accounts.key" -pubout -out "$folder/accounts.pub" 2> /dev/null
  (umask 077; echo "$token,admin,1,system:masters" > "$folder/tokens.csv")
  # By this certificate an aggregated server (metrics-server) knows the API server that asks for somebody.
  openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=aggregator -days 30 -addext extendedKeyUsage=clientAuth \
    -keyout "$folder/aggregator.key" -out "$folder/aggregator.crt" 2> /dev/null
  export FOLDER=$folder NODE_IP=$node_ip POD_RANGE=$pod_range TOKEN=$token CGROUP=/$namespace AUDITED=${1:-nobody}
  local template
  for template in "$here"/templates/*; do envsubst < "$template" > "$folder/$(basename "$template")"; done
  mv "$folder/pods.conflist" "$folder/cni/"
  chmod 600 "$folder/kubeconfig.yaml"
}

start_control_plane() {
  part etcd etcd --data-dir "$folder/etcd" --unsafe-no-fsync \
    --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379
  part kube-apiserver kube-apiserver --etcd-servers=http://127.0.0.1:2379 --bind-address=0.0.0.0 --secure-port=6443 \
    --advertise-address="$node_ip" --cert-dir="$folder/certs" --token-auth-file="$folder/tokens.csv" --authorization-mode=RBAC \
    --service-cluster-ip-range="$service_range" --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$folder/accounts.pub" --service-account-signing-key-file="$folder/accounts.key" \
    --requestheader-client-ca-file="$folder/aggregator.crt" --requestheader-allowed-names=aggregator \
    --requestheader-extra-headers-prefix=X-Remote-Extra- --requestheader-group-headers=X-Remote-Group \
    --requestheader-username-headers=X-Remote-User --proxy-client-cert-file="$folder/aggregator.crt" \
    --proxy-client-key-file="$folder/aggregator.key" --enable-aggregator-routing=true \
    --audit-policy-file="$folder/audit.yaml" --audit-log-path="$folder/audit.log" \
    --kubelet-preferred-address-types=InternalIP   # else logs and proxies look the node's name up in DNS
  await 30 "the API server's certificate" test -s "$folder/certs/apiserver.crt"
  await 60 "the API server" enter kubectl get --raw /readyz
  part kube-controller-manager kube-controller-manager --kubeconfig "$KUBECONFIG" --leader-elect=false \
    --root-ca-file="$folder/certs/apiserver.crt" --service-account-private-key-file="$folder/accounts.key" \
    --use-service-account-credentials=true
  part kube-scheduler kube-scheduler --kubeconfig "$KUBECONFIG" --leader-elect=false
}

# The image every pod's first container runs; made here, so that no registry is needed for it.
make_pause_image() {
  cat > "$folder/pause.c" << 'C'
#include <signal.h>
#include <unistd.h>
static void end(int signal_number) { (void)signal_number; _exit(0); }
int main(void) {
  signal(SIGINT, end);
  signal(SIGTERM, end);
  while (1) pause();
}
C
  gcc -O1 -static -o "$folder/pause" "$folder/pause.c"
  printf 'FROM scratch\nCOPY pause /pause\nENTRYPOINT ["/pause"]\n' > "$folder/pause.containerfile"
  local build=(buildah --root "$folder/images" --runroot "$folder/images-run" --storage-driver vfs)
  "${build[@]}" bud -q --isolation chroot -f "$folder/pause.containerfile" -t localhost/pause:1 "$folder" > /dev/null
  rm -f "$folder/pause.tar"
  "${build[@]}" push -q localhost/pause:1 "oci-archive:$folder/pause.tar:localhost/pause:1"
  import_image "$folder/pause.tar"
}

import_image() { ctr -a "$socket" -n k8s.io images import --snapshotter native "$1" > /dev/null; }

start_node() {
  part containerd containerd -c "$folder/containerd.toml"
  await 30 containerd ctr -a "$socket" version
  make_pause_image
  part kubelet kubelet --config "$folder/kubelet.yaml" --kubeconfig "$KUBECONFIG" --root-dir "$folder/kubelet" \
    --hostname-override node1 --node-ip "$node_ip"
  part kube-proxy kube-proxy --config "$folder/kube-proxy.yaml" --hostname-override node1
  await 60 "the node" enter kubectl wait --for=condition=Ready node/node1 --timeout=1s
  await 30 "the default service account" enter kubectl -n default get serviceaccount default
}

# As a process beside the cluster: a Service without selector leads to it.
start_metrics() {
  local program; program=$("$here/metrics-server.sh")
  export KUBECONFIG=$folder/kubeconfig.yaml PATH=$binaries:$PATH
  NODE_IP=$node_ip envsubst < "$here/metrics.yaml" | enter kubectl apply -f - > /dev/null
  part metrics-server "$program" --secure-port=4443 --cert-dir="$folder/metrics-certs" --kubeconfig="$KUBECONFIG" \
    --authentication-kubeconfig="$KUBECONFIG" --authorization-kubeconfig="$KUBECONFIG" --kubelet-insecure-tls \
    --kubelet-preferred-address-types=InternalIP --metric-resolution=15s
  await 90 "the metrics API" enter kubectl get --raw /apis/metrics.k8s.io/v1beta1/nodes
}

start_gateway() {
  local parts; parts=$("$here/gateway.sh")
  export KUBECONFIG=$folder/kubeconfig.yaml PATH=$binaries:$PATH
  enter kubectl apply --server-side -f "$parts/crds" > /dev/null
  await 30 "HTTPRoutes" enter kubectl get httproutes -A
  printf 'entryPoints: {web: {address: ":8000"}}\nproviders: {kubernetesGateway: {}}\n' > "$folder/traefik.yaml"
  part traefik "$parts/traefik" --configFile="$folder/traefik.yaml"
  enter kubectl apply -f "$here/gateway.yaml" > /dev/null
  await 30 "the gateway" enter kubectl wait gateway/gate --for=condition=Programmed --timeout=1s
}

up() {
  down   # what a killed run left in this folder
  export KUBECONFIG=$folder/kubeconfig.yaml PATH=$binaries:$PATH
  make_network
  make_cgroups
  write_configuration "$@"
  start_control_plane
  start_node
}

is_clusters_shim() { # PID: shims outlive their containerd
  tr '\0' ' ' < "/proc/$1/cmdline" 2> /dev/null | grep -qF -- "-address $socket"
}

end_shims() {
  local pid
  for pid in $(pgrep -f containerd-shim || true); do
    is_clusters_shim "$pid" || continue
    pkill -KILL -P "$pid" || true
    kill -KILL "$pid" 2> /dev/null || true
  done
}

# Only kubelet takes a pod down completely: its network namespace, its mounts and its shim.
end_pods() {
  ctr -a "$socket" version > /dev/null 2>&1 || return 0
  KUBECONFIG=$folder/kubeconfig.yaml enter timeout 20 "$binaries/kubectl" delete -A --all --grace-period=1 --wait=false \
    deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,pods > /dev/null 2>&1 || true
  local deadline=$((SECONDS + 20))
  while [ -n "$(ctr -a "$socket" -n k8s.io tasks ls -q 2> /dev/null)" ] && [ $SECONDS -lt $deadline ]; do sleep 0.3; done
}

down() {
  [ -e "/run/netns/$namespace" ] || return 0
  end_pods
  local signal pid deadline
  for signal in TERM KILL; do
    for pid in $(ip netns pids "$namespace"); do kill -s "$signal" "$pid" 2> /dev/null || true; done
    deadline=$((SECONDS + 5))
    while [ -n "$(ip netns pids "$namespace")" ] && [ $SECONDS -lt $deadline ]; do sleep 0.2; done
  done
  end_shims
  ip netns del "$namespace"
  remove_cgroups
  local mount
  cut -d' ' -f2 /proc/mounts | grep -F "$folder/" | sort -r | while read -r mount; do umount -l "$mount" || true; done
  rm -rf "$folder"/{etcd,containerd,containerd-state,kubelet,ipam,certs,pod-logs,containerd.sock*}
  find /var/log/containers -xtype l -lname "$folder/*" -delete 2> /dev/null || true   # kubelet's links to pods' logs
  require_nothing_left
}

require_nothing_left() {
  local left
  left=$(pgrep -af -- "$folder/" || true; grep -F "$folder/" /proc/mounts || true; find /sys/fs/cgroup -type d -name "$namespace" 2> /dev/null)
  [ -z "$left" ] || { printf 'cluster.sh: left behind:\n%s\n' "$left" >&2; return 1; }
}

binaries=$("$here/kubernetes.sh")
case $verb in
  up) up "$@" ;;
  # exec: the caller's pid is then the command's own
  run) export KUBECONFIG=$folder/kubeconfig.yaml PATH=$binaries:$PATH; exec nsenter --net="/run/netns/$namespace" "$@" ;;
  image) import_image "$1" ;;
  metrics) start_metrics ;;
  gateway) start_gateway ;;
  down) down ;;
  *) sed -n '2,9p' "$0"; exit 2 ;;
esac

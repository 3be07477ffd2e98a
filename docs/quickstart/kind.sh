#!/bin/bash
# What the quickstart stands on, made of docker and kind: a cluster, a registry on 127.0.0.1:5000 that its nodes reach by that
# name too, Prometheus on 127.0.0.1:9090, and four releases of the shop, of which v1.2.0 is bad.
#   kind.sh         makes all of it, a few minutes; kubectl's current context is the cluster's afterwards
#   kind.sh down    takes all of it away
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [ "${1:-}" = down ]; then
  kind delete cluster --name baton
  docker rm -f baton-registry
  exit
fi

docker run -d --name baton-registry -p 127.0.0.1:5000:5000 docker.io/library/registry:2
kind create cluster --name baton --config - << YAML
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
containerdConfigPatches:
  - |-
    [plugins."io.containerd.grpc.v1.cri".registry]
      config_path = "/etc/containerd/certs.d"
nodes:
  - role: control-plane
    extraPortMappings:
      - {listenAddress: 127.0.0.1, hostPort: 30080, containerPort: 30080}   # the shop
      - {listenAddress: 127.0.0.1, hostPort: 9090, containerPort: 30090}    # Prometheus
YAML
docker network connect kind baton-registry
for node in $(kind get nodes --name baton); do
  docker exec "$node" mkdir -p /etc/containerd/certs.d/127.0.0.1:5000
  echo '[host."http://baton-registry:5000"]' | docker exec -i "$node" cp /dev/stdin /etc/containerd/certs.d/127.0.0.1:5000/hosts.toml
done

release() { # VERSION [ERRORS]
  docker build -q -f "$here/Dockerfile" --build-arg VERSION="$1" --build-arg ERRORS="${2:-0%}" -t "127.0.0.1:5000/shop:$1" "$here/../../tests/e2e/app"
  docker push -q "127.0.0.1:5000/shop:$1"
}
release v1.0.0
release v1.1.0
release v1.2.0 8%
release v1.3.0

kubectl apply -f "$here/prometheus.yaml"
kubectl -n monitoring rollout status deployment/prometheus --timeout=180s

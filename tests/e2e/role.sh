#!/bin/bash
# The Role that `baton-precheck role` prints, on a real Kubernetes that keeps an audit log. Five shops (blue-green with all that
# goes with it, a canary by an HTTPRoute, a StatefulSet, a DaemonSet and a Deployment that are rolled over) are released by a
# ServiceAccount each that has what is printed for it and nothing else: all that it asked for is granted, and all that is granted
# was asked for. Then a right to read, one to write and one on the whole cluster are taken away, each of which ends a step that
# names it. At last the image without a shell runs as Jobs, as that ServiceAccount, with a read-only root. Eight minutes.
#   role.sh BUILD FOLDER     BUILD: static executables, as of a release. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

versions=(v1.5.0: v1.6.0: v1.7.0: v1.8.0: v1.9.0: "v1.7.1:READY_AFTER=1h")
namespaces=(colours route stateful daemons rolled)
accounts=pipelines   # the namespace of those that the pipelines run as
audited=("system:serviceaccounts:$accounts")
steps=(precheck switch watch finalize)
declare -A strategy=([colours]=blue-green [route]=canary [stateful]=rolling [daemons]=rolling [rolled]=rolling)
declare -A live=([stateful]=statefulset/shop [daemons]=daemonset/shop)

workload_of() { case $1 in stateful) echo statefulset ;; daemons) echo daemonset ;; *) echo deployment ;; esac; }

# Its pods name a ConfigMap.
shop_of() {
  local shop
  shop=$(sed "s/production/$1/; s/replicas: 3/replicas: 2/; s/cpu: 50m/cpu: 10m/" "$here/site/shop.yaml")
  shop+=$'\n          envFrom: [{configMapRef: {name: settings}}]\n'
  case $1 in
    stateful) shop=$(sed 's/kind: Deployment/kind: StatefulSet/; s/^  replicas: 2/&\n  serviceName: shop/' <<< "$shop") ;;
    daemons) shop=$(sed 's/kind: Deployment/kind: DaemonSet/; s/^  replicas: 2/  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}/' <<< "$shop") ;;
  esac
  cat << YAML
$shop
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: $1}
data: {currency: EUR}
YAML
}

# Of blue-green alone: a worker and a second Service.
around() {
  sed -n '/^kind: Deployment/,$p' "$here/site/shop.yaml" | sed 's/production/colours/; s/name: shop/name: mailer/; s/app: shop/app: mailer/g; s/replicas: 3/replicas: 1/; s/cpu: 50m/cpu: 10m/; 1i apiVersion: apps/v1'
  cat << YAML
---
apiVersion: v1
kind: Service
metadata: {name: shop-internal, namespace: colours}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}
YAML
}

# What goes with the traffic.
followers() { # NAMESPACE
  cat << YAML
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop, namespace: $1}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  minReplicas: 2
  maxReplicas: 3
  metrics: [{type: ContainerResource, containerResource: {container: shop, name: cpu, target: {type: Utilization, averageUtilization: 99}}}]
  behavior: {scaleDown: {stabilizationWindowSeconds: 0}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: shop, namespace: $1}
spec: {minAvailable: 1, selector: {matchLabels: {app: shop}}}
YAML
}

# The template of the next colour, with its own configuration and its own account.
manifest() { # CURRENCY
  sed -n '/^apiVersion: apps/,$p' "$here/site/shop.yaml" | sed '/namespace:/s/, namespace: production//; s/replicas: 3/replicas: 2/; s/cpu: 50m/cpu: 10m/'
  cat << YAML
          envFrom: [{configMapRef: {name: settings}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {currency: $1}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: shop}
YAML
}

# As a cluster with the operator serves it.
vertical_autoscalers() {
  cat << YAML
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: verticalpodautoscalers.autoscaling.k8s.io
  annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes/kubernetes/pull/63797"}
spec:
  group: autoscaling.k8s.io
  scope: Namespaced
  names: {plural: verticalpodautoscalers, singular: verticalpodautoscaler, kind: VerticalPodAutoscaler}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
YAML
}

configuration() { # NAMESPACE
  local url=http://10.97.0.1:8000   # the gateway's
  [ "$1" = route ] || url=$(url_of "$1")
  cat << YAML
app: shop
image: 127.0.0.1:5000/shop
kubernetes: {namespace: $1$([ "$1" != colours ] || echo ', services: [shop-internal], workers: [mailer], manifest: shop.yaml')}
precheck: {not_applicable: {$(printf '%s: "of no cluster", ' code-review vulnerabilities performance security node-cpu node-memory redis external \
    no-incident staging-e2e staging-performance staging-logs connection-pools metrics)}}
switch:
  strategy: ${strategy[$1]}
  canary: {steps: [50%, 100%], hold: 3s, traffic: gateway-api}
  soak: 5s
  verify_rollback: 5s
  ready_timeout: 60s
  public: ["$url/health"]
  smoke: [{path: /health}]
  identify: {header: X-App-Version}
watch: {step: 10s, intensive: {for: "\${INTENSIVE:-40s}", every: 10s}, passive: {for: 20s, every: 10s}}
finalize: {scale_down_after: 20s, delete_after: 30s, history: history.md, archive: archive}
YAML
}

print_role() { # NAMESPACE FLAGS…
  (cd "$folder/$1" && "$tools/baton-precheck" role --service-account "$accounts/$1" ${live[$1]:+--live "${live[$1]}"} "${@:2}")
}

# A token of its own for every step: by its id the audit log tells them apart.
enroll() { # NAMESPACE
  local namespace=$1 step token
  mkdir -p "$folder/$namespace"
  configuration "$namespace" > "$folder/$namespace/baton.yaml"
  manifest EUR-1 > "$folder/$namespace/shop.yaml"
  "${inside[@]}" kubectl -n $accounts create serviceaccount "$namespace" > /dev/null
  print_role "$namespace" > "$folder/$namespace/role.yaml"
  print_role "$namespace" --output json > "$folder/$namespace/role.json"
  "${inside[@]}" kubectl apply -f "$folder/$namespace/role.yaml" > /dev/null
  [ -z "$("${inside[@]}" kubectl diff -f "$folder/$namespace/role.json")" ] || fail "$namespace: as a List the Role is another"
  for step in "${steps[@]}"; do
    print_role "$namespace" --step "$step" --output json > "$folder/$namespace/role-$step.json"
    token=$("${inside[@]}" kubectl -n $accounts create token "$namespace" --duration=48h)
    python3 "$here/role.py" account "$token" | cut -d' ' -f2 > "$folder/$namespace/$step.ids"
    (umask 077; sed "s|user: {token: .*|user: {token: \"$token\"}|" "$folder/cluster/kubeconfig.yaml" > "$folder/$namespace/$step.kubeconfig")
  done
}

turn=0
step() { # EXIT-CODES NAMESPACE TOOL VERB FLAGS…: one of "0 75"
  local expected=$1 namespace=$2 tool=$3 since=$SECONDS code=0; shift 3
  log=$folder/$namespace/$((turn += 1))-$tool.log
  (cd "$folder/$namespace" && exec "${inside[@]}" env KUBECONFIG="$folder/$namespace/$tool.kubeconfig" timeout 300 \
    "$tools/baton-$tool" "$@" --standalone --deadline 4m) > "$log" 2>&1 < /dev/null || code=$?
  say "$namespace: baton-$tool $*: exit $code after $((SECONDS - since)) s"
  [[ " $expected " = *" $code "* ]] || { tail -n 40 "$log" | cut -c1-400; fail "$namespace: baton-$tool ended with $code, $expected expected"; }
}

finalize() { # NAMESPACE VERSION: comes back when it says so
  local turns=4 again
  step "0 75" "$1" finalize run --release "$2"
  while again=$(sed -n 's/^Run again at //p' "$log") && [ -n "$again" ]; do
    [ $((turns -= 1)) -gt 0 ] || { cat "$log"; fail "finalize came to no end"; }
    sleep "$(python3 -c 'import sys; print(max(0, int(sys.argv[1]) - int(sys.argv[2])) + 1)' "$(date -d "$again" +%s)" "$(date +%s)")"
    step "0 75" "$1" finalize run --release "$2"
  done
}

next() { rm -rf "$folder/$1/.baton"; } # NAMESPACE: another release's evidence is kept elsewhere

colours() {
  step 0 colours precheck run --release v1.6.0
  step 0 colours switch run --release v1.6.0
  step 0 colours switch rollback --reason "customers call"
  next colours
  manifest EUR-2 > "$folder/colours/shop.yaml"
  step 0 colours precheck run --release v1.7.0
  step 0 colours switch run --release v1.7.0
  step "0 75" colours watch tick --release v1.7.0
  step 0 colours watch run --release v1.7.0
  finalize colours v1.7.0
  next colours
  step 0 colours precheck run --release v1.8.0
  step 0 colours switch run --release v1.8.0
  INTENSIVE=200s step 4 colours watch run --release v1.8.0 &
  local watching=$!
  sleep 8
  "${inside[@]}" kubectl -n colours scale deployment shop-blue --replicas=0 > /dev/null
  wait $watching
  finalize colours v1.8.0
}

route() {
  step 0 route precheck run --release v1.6.0
  step 75 route switch run --release v1.6.0 --until 50%
  step 0 route switch rollback --reason "customers call"
  next route
  step 0 route precheck run --release v1.7.0
  step 0 route switch run --release v1.7.0
  step 0 route watch run --release v1.7.0
  finalize route v1.7.0
}

rolled() { # NAMESPACE
  step 0 "$1" precheck run --release v1.6.0
  step 0 "$1" switch run --release v1.6.0
  step 0 "$1" watch run --release v1.6.0
  finalize "$1" v1.6.0
  next "$1"
  step 4 "$1" switch run --release v1.7.1 --set switch.ready_timeout=20s
}

job_of() { # NAME COMMAND…: as docs/permissions.md has it
  local name=$1; shift
  cat << YAML
apiVersion: batch/v1
kind: Job
metadata: {name: $name, namespace: $accounts}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      serviceAccountName: colours
      securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532}
      containers:
        - name: baton
          image: localhost/baton:e2e
          imagePullPolicy: Never
          command: [$(printf '"%s", ' "$@")"--dir=/evidence"]
          env: [{name: TMPDIR, value: /evidence}]
          securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          volumeMounts:
            - {name: evidence, mountPath: /evidence}
            - {name: configuration, mountPath: /work, readOnly: true}
      volumes:
        - {name: evidence, emptyDir: {}}
        - {name: configuration, configMap: {name: baton}}
YAML
}

job() { # EXIT-CODE NAME SAID COMMAND…
  local expected=$1 name=$2 said=$3 code; shift 3
  job_of "$name" "$@" | "${inside[@]}" kubectl apply -f - > /dev/null
  wait_until 60 "the end of Job $name" job_ended "$name"
  "${inside[@]}" kubectl -n $accounts logs "job/$name" > "$folder/job-$name.log"
  code=$("${inside[@]}" kubectl -n $accounts get pods -l "job-name=$name" -o jsonpath='{.items[0].status.containerStatuses[0].state.terminated.exitCode}')
  say "Job $name: exit $code: $(grep -m 1 -F "$said" "$folder/job-$name.log")"
  [ "$code" = "$expected" ] && grep -qF "$said" "$folder/job-$name.log" || { cat "$folder/job-$name.log"; fail "the Job $name"; }
}

job_ended() {
  [ -n "$("${inside[@]}" kubectl -n $accounts get pods -l "job-name=$1" -o jsonpath='{.items[0].status.containerStatuses[0].state.terminated.exitCode}')" ]
}

# The layout of the image without a shell.
build_image() {
  local build=(buildah --root "$folder/images" --runroot "$folder/images-run" --storage-driver vfs)
  (cd "$repository" && cmake/image-root.sh "$tools" "$folder/image-root")
  printf 'FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin\nWORKDIR /work\nUSER 65532:65532\n' > "$folder/Containerfile"
  "${build[@]}" bud -q --isolation chroot -f "$folder/Containerfile" -t localhost/baton:e2e "$folder/image-root" > /dev/null
  "${build[@]}" push -q localhost/baton:e2e "oci-archive:$folder/baton.tar:localhost/baton:e2e"
  "$repository/tests/cluster/cluster.sh" image "$folder/cluster" "$folder/baton.tar"
}

# What the removed line breaks says so by name; what was begun is taken back once the line is there again.
lacking() { # VERB RESOURCE EXIT-CODES TOOL VERB FLAGS…
  local verb=$1 resource=$2 expected=$3; shift 3
  python3 "$here/role.py" without "$verb" "$resource" < "$folder/rolled/role.json" | "${inside[@]}" kubectl apply -f - > /dev/null
  next rolled
  step "$expected" rolled "$@"
  grep -E "$verb.*$resource|$resource.*$verb" "$log" | head -n 2 | cut -c1-220 | while read -r line; do say "  $line"; done
  grep -qE "$verb.*$resource|$resource.*$verb" "$log" || { cat "$log"; fail "what ends without '$verb $resource' does not name it"; }
  "${inside[@]}" kubectl apply -f "$folder/rolled/role.yaml" > /dev/null
  [ "$1" = precheck ] || step 0 rolled switch rollback --reason "the right is there again"
}

compare() { # NAMESPACE
  python3 "$here/role.py" compare "$folder/audit.log" "$folder/everyone.json" "system:serviceaccount:$accounts:$1" "$folder/$1"
}

# A comparison that cannot fail proves nothing.
require_strict() { # VERB RESOURCE: granted no more, it was asked for
  cp -r "$folder/rolled" "$folder/rolled-less"
  python3 "$here/role.py" without "$1" "$2" < "$folder/rolled/role.json" > "$folder/rolled-less/role.json"
  ! python3 "$here/role.py" compare "$folder/audit.log" "$folder/everyone.json" "system:serviceaccount:$accounts:rolled" \
    "$folder/rolled-less" 2> "$folder/less.log" || fail "the comparison does not miss '$1 $2'"
  grep -qF "asked and not granted: $1 $2" "$folder/less.log" || { cat "$folder/less.log"; fail "the comparison misses something else"; }
}

[ -z "${BATON_E2E_KUBECONFIG:-}" ] || fail "another cluster's audit log is not ours to read"
mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
"$repository/tests/cluster/cluster.sh" metrics "$folder/cluster"
"$repository/tests/cluster/cluster.sh" gateway "$folder/cluster"
around | "${inside[@]}" kubectl apply -f - > /dev/null
for namespace in colours route; do followers "$namespace" | "${inside[@]}" kubectl apply -f - > /dev/null; done
vertical_autoscalers | "${inside[@]}" kubectl apply -f - > /dev/null
printf 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: shop, namespace: route}\nspec: {parentRefs: [{name: gate, namespace: default}], rules: [{backendRefs: [{name: shop, port: 80}]}]}\n' \
  | "${inside[@]}" kubectl apply -f - > /dev/null
"${inside[@]}" kubectl create namespace $accounts > /dev/null
"${inside[@]}" kubectl get clusterrole system:basic-user -o json > "$folder/everyone.json"
for namespace in "${namespaces[@]}"; do enroll "$namespace"; done
for namespace in colours route; do
  wait_until 120 "figures for the autoscaler of $namespace" "${inside[@]}" kubectl -n "$namespace" wait hpa/shop --for=condition=ScalingActive --timeout=1s
done

ended=()
for namespace in "${namespaces[@]}"; do
  case $namespace in colours | route) "$namespace" & ;; *) rolled "$namespace" & ;; esac
  ended+=($!)
done
for pid in "${ended[@]}"; do wait "$pid"; done
cp "$folder/cluster/audit.log" "$folder/audit.log"
for namespace in "${namespaces[@]}"; do compare "$namespace"; done
require_strict list endpointslices

lacking list nodes 6 precheck run --release v1.8.0
lacking patch services 6 switch run --release v1.8.0
lacking list endpointslices 6 switch run --release v1.9.0   # a digest that was taken back is refused

build_image
"${inside[@]}" kubectl -n $accounts create configmap baton --from-file="$folder/colours/baton.yaml" > /dev/null
job 0 status "selects" baton-switch status
job 4 tick "'shop-green' serves again" baton-watch tick --standalone --release v1.9.0   # what was taken back is proved once more
say "role: passed after $SECONDS s"

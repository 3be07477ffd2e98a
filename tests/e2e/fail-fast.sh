#!/bin/bash
# Releases that cannot come up, on a real Kubernetes: each ends before any traffic, names the reason in Kubernetes' own
# words within the seconds that its row allows from the fact, and leaves what serves as it was, without a failed request.
# A few at a time, each in a namespace of its own; seven minutes.
#   fail-fast.sh BUILD FOLDER [CASE…]   some of them only. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; remove_laws; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

lanes=3   # cases at a time
repository_of_images=127.0.0.1:5000/shop
# v1.6.1 crashes at its start, what v1.6.2 is made of the registry loses, v1.6.3 uses more memory than it may, v1.6.4 is
# never ready, v1.6.5 late.
versions=(v1.5.0: v1.6.0: v1.6.1:READY_AFTER=never v1.6.2: "v1.6.3:LEAK=9000Mi READY_AFTER=1h" v1.6.4:READY_AFTER=1h
  v1.6.5:READY_AFTER=45s)

# The fact is the first thing that shows the fault in the status of a pod or a Deployment of the next colour, or in an event
# about them; "-" is the start of the run. From there it may take the patience that common/rollout/trouble.cpp has with its
# sign, two restarts where one is allowed, or all of switch.ready_timeout where only time tells; and eight seconds, in which
# the run also undoes what it began and pods end. A mount gets what a ConfigMap gets that is missing: 15 s.
#   NAME | RELEASE | EXIT CODE | SECONDS AT MOST | KIND AND PATTERN OF THE FACT | PATTERN OF WHAT THE RUN HAS TO SAY
cases=(
  'node       |v1.6.0|3|128|pods Unschedulable|Unschedulable: .*didn.t match Pod.s node affinity/selector'
  'cpu        |v1.6.0|3|128|pods Unschedulable|Unschedulable: .*Insufficient cpu'
  'claim      |v1.6.0|3|128|pods Unschedulable|Unschedulable: .*persistentvolumeclaim "orders" not found'
  'mount      |v1.6.0|3|23 |events FailedMount|FailedMount: .*secret "tls" not found'
  'slow       |v1.6.5|0|90 |-|All green pods ready \(2/2\)'
  'crash      |v1.6.1|3|10 |pods "exitCode": 1|CrashLoopBackOff: .*; its log ends: app: time: invalid duration "never"'
  'command    |v1.6.0|3|10 |pods StartError|exec: "/missing": .*no such file or directory'
  'hook       |v1.6.0|3|20 |events FailedPostStartHook|PostStartHook failed'
  'memory     |v1.6.3|3|10 |pods OOMKilled|OOMKilled: the container used more memory than its limit'
  'liveness   |v1.6.4|3|20 |events Liveness probe failed|Liveness probe failed: .*8081.*connection refused'
  'startup    |v1.6.4|3|25 |events Startup probe failed|Startup probe failed: .*statuscode: 503'
  'init       |v1.6.0|3|10 |pods "exitCode": 1|container .migrate. of pod .*; its log ends: app: probe takes URL'
  'init-hangs |v1.6.0|3|28 |-|NotReady: .*its init container .migrate. has not ended'
  'pull       |v1.6.2|3|38 |pods ErrImagePull|ImagePull(BackOff)?: .*could not fetch content descriptor .* from remote: not found'
  'sidecar    |v1.6.0|3|38 |pods ErrImagePull|ImagePull(BackOff)?: .*127.0.0.1:5000/logs:v1: not found'
  'no-registry|v1.6.0|3|38 |pods ErrImagePull|ImagePull(BackOff)?: .*127.0.0.1:5999: connect: connection refused'
  'image-name |v1.6.0|3|8  |pods InvalidImageName|InvalidImageName: .*Logs:v1.*repository name \(Logs\) must be lowercase'
  'image-never|v1.6.0|3|8  |pods ErrImageNeverPull|ErrImageNeverPull: .*not present with pull policy of Never'
  'configmap  |v1.6.0|3|23 |pods CreateContainerConfigError|CreateContainerConfigError: configmap "settings" not found'
  'secret     |v1.6.0|3|23 |pods CreateContainerConfigError|CreateContainerConfigError: secret "credentials" not found'
  'key        |v1.6.0|3|23 |pods CreateContainerConfigError|couldn.t find key currency in ConfigMap key/settings'
  'root       |v1.6.0|3|23 |pods CreateContainerConfigError|container has runAsNonRoot and image will run as root'
  'quota      |v1.6.0|3|8  |-|quota .pods. has no room for both colours'
  'quota-late |v1.6.0|3|18 |events FailedCreate|FailedCreate: .*exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3'
  'range      |v1.6.0|3|18 |events FailedCreate|FailedCreate: .*maximum memory usage per Container is 64Mi, but limit is 128Mi'
  'security   |v1.6.0|3|18 |events FailedCreate|FailedCreate: .*violates PodSecurity "restricted:latest"'
  'policy     |v1.6.0|3|18 |events FailedCreate|FailedCreate: .*denied request: no release on Fridays'
  'policy-all |v1.6.0|3|8  |-|denied request: no release on Fridays'
  'webhook    |v1.6.0|3|18 |events FailedCreate|failed calling webhook "pods.example.com": .*connection refused'
  'account    |v1.6.0|3|18 |events FailedCreate|FailedCreate: .*serviceaccount "robot" not found'
  'probe      |v1.6.4|3|28 |events Readiness probe failed|NotReady: .*503'
  'probe-port |v1.6.0|3|28 |events Readiness probe failed|NotReady: .*8081.*connection refused'
  'gate       |v1.6.0|3|28 |pods "ready": true|ReadinessGate: .*nobody set its readiness gate .example.com/registered'
  'deadline   |v1.6.4|3|8  |deployments ProgressDeadlineExceeded|ProgressDeadlineExceeded: .* has timed out progressing'
  'zero       |v1.6.0|0|30 |-|All green pods ready \(2/2\)'
  'asleep     |v1.6.0|3|8  |-|service .shop. has no ready pod behind .app=shop'
)
# What the SOP says to do for a reason; for others, that it says something.
declare -A recovery=(
  [CrashLoopBackOff]="Read the pod's log" [OOMKilled]="Raise the container's memory limit"
  [ImagePull(BackOff)?]='Check that the image exists' [Unschedulable]='Free or add capacity'
  [NotReady]='Ask the readiness endpoint' [ReadinessGate]='Look at the controller'
)

shop_image="$repository_of_images:v1.5.0" wrong_port='{httpGet: {path: /health, port: 8081}, periodSeconds: 1, failureThreshold: 1}'
in_pod() { echo "{template: {spec: $1}}"; }
in_shop() { in_pod "{containers: [{name: shop, $1}]}"; }
init() { in_pod "{initContainers: [{name: migrate, image: \"$shop_image\", command: [/app, $1]}]}"; }
beside() { in_pod "{containers: [{name: logs, image: \"$1\", imagePullPolicy: ${2:-IfNotPresent}}]}"; }
health() { echo "$1: {httpGet: {path: /health, port: 8080}, periodSeconds: 1, failureThreshold: $2}"; }

# What the release's manifest has otherwise than what is live: a patch of the Deployment's spec.
declare -A manifest=(
  [node]=$(in_pod '{nodeSelector: {pool: gone}}')
  [cpu]=$(in_shop 'resources: {requests: {cpu: 100}, limits: {cpu: 100}}')
  [claim]=$(in_pod '{volumes: [{name: orders, persistentVolumeClaim: {claimName: orders}}]}')
  [mount]=$(in_pod '{volumes: [{name: tls, secret: {secretName: tls}}],
    containers: [{name: shop, volumeMounts: [{name: tls, mountPath: /tls}]}]}')
  [slow]=$(in_shop "$(health startupProbe 90), $(health livenessProbe 1)")
  [command]=$(in_shop 'command: [/missing]')
  [hook]=$(in_shop 'lifecycle: {postStart: {httpGet: {path: /warm, port: 8081}}}')
  [liveness]=$(in_shop "livenessProbe: $wrong_port")
  [startup]=$(in_shop "$(health startupProbe 3)")
  [init]=$(init probe) [init-hangs]=$(init serve)
  [sidecar]=$(beside 127.0.0.1:5000/logs:v1) [no-registry]=$(beside 127.0.0.1:5999/logs:v1)
  [image-name]=$(beside 127.0.0.1:5000/Logs:v1) [image-never]=$(beside 127.0.0.1:5000/logs:v1 Never)
  [configmap]=$(in_shop 'envFrom: [{configMapRef: {name: settings}}]')
  [secret]=$(in_shop 'envFrom: [{secretRef: {name: credentials}}]')
  [key]=$(in_shop 'env: [{name: CURRENCY, valueFrom: {configMapKeyRef: {name: settings, key: currency}}}]')
  [root]=$(in_pod '{securityContext: {runAsNonRoot: true}}')
  [account]=$(in_pod '{serviceAccountName: robot}')
  [probe-port]=$(in_shop "readinessProbe: $wrong_port")
  [gate]=$(in_pod '{readinessGates: [{conditionType: example.com/registered}]}')
  [deadline]='{progressDeadlineSeconds: 10}' [zero]='{replicas: 0}'
)

quota='{apiVersion: v1, kind: ResourceQuota, metadata: {name: pods}, spec: {hard: {pods: 3}'
denied() { # RESOURCE GROUP: by a policy, in this case's namespace alone
  echo "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: e2e-NAME}, spec: {
  matchConstraints: {resourceRules: [{apiGroups: [\"$2\"], apiVersions: [v1], operations: [CREATE], resources: [$1]}]},
  validations: [{expression: '!object.metadata.name.startsWith(\"shop-green\")', message: no release on Fridays}]}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: e2e-NAME}, spec: {
  policyName: e2e-NAME, validationActions: [Deny],
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}}}}}"
}
# What somebody adds to the namespace while the old release serves; the scope of a quota hides it from a look ahead.
declare -A objects=(
  [key]='{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}'
  [quota]="$quota}}" [quota-late]="$quota, scopes: [NotTerminating]}}"
  [range]='{apiVersion: v1, kind: LimitRange, metadata: {name: small}, spec: {limits: [{type: Container, max: {memory: 64Mi}}]}}'
  [security]='{apiVersion: v1, kind: Namespace, metadata: {name: NAME, labels: {pod-security.kubernetes.io/enforce: restricted}}}'
  [policy]=$(denied pods '') [policy-all]=$(denied deployments apps)
  [webhook]='{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: e2e-NAME},
    webhooks: [{name: pods.example.com, clientConfig: {url: "https://127.0.0.1:9/"}, timeoutSeconds: 1, sideEffects: None,
     admissionReviewVersions: [v1], namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: NAME}},
     rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}]}'
)
declare -A patience=([mount]=1m [init-hangs]=20s [probe]=20s [probe-port]=20s [gate]=20s)   # switch.ready_timeout

fields() { # CASE: into name, release, code, ceiling, fact, words
  IFS='|' read -r name release code ceiling fact words <<< "$1"
  name=${name%% *} ceiling=${ceiling%% *}
}

namespaces=() chosen=() wanted=" ${*:3} "
for case in "${cases[@]}"; do
  fields "$case"
  [ $# -le 2 ] || [[ $wanted = *" $name "* ]] || continue
  namespaces+=("$name")
  chosen+=("$case")
done

# Two small pods in each namespace.
shop_of() { # NAMESPACE
  sed "s/production/$1/; s/replicas: 3/replicas: 2/; s/cpu: 50m/cpu: 5m/; s/cpu: \"1\"/cpu: 200m/" \
    "$repository/tests/e2e/site/shop.yaml"
}

kubectl_in() { "${inside[@]}" kubectl -n "$name" "$@"; }

# What holds in the whole cluster, which may be another's.
remove_laws() {
  local kind
  [ -n "$are_namespaces_ours" ] || return 0
  for kind in validatingadmissionpolicybinding validatingadmissionpolicy validatingwebhookconfiguration; do
    "${inside[@]}" kubectl delete $kind --ignore-not-found --request-timeout=10s "${namespaces[@]/#/e2e-}"
  done > /dev/null 2>&1
}

# Of an image the registry still knows the name and the digest.
lose_image() { # VERSION
  local digest
  digest=$("${inside[@]}" curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json' \
    "http://127.0.0.1:5000/v2/shop/manifests/$1" | python3 -c 'import json, sys; print(json.load(sys.stdin)["config"]["digest"])')
  digest=${digest#sha256:}
  rm -r "$folder/registry/docker/registry/v2/blobs/sha256/${digest:0:2}/$digest"
}

spoil() {
  [ "$name" != pull ] || lose_image "$release"
  [ "$name" != asleep ] || {
    kubectl_in scale deployment/shop --replicas=0
    kubectl_in wait pods -l app=shop --for=delete --timeout=30s
  }
  [ -z "${objects[$name]:-}" ] || {
    kubectl_in apply -f - <<< "${objects[$name]//NAME/$name}"
    sleep 3   # a policy holds a moment after it was taken
  }
  [ -z "${manifest[$name]:-}" ] || shop_of "$name" | awk -v RS='---\n' '/kind: Deployment/' \
    | kubectl_in patch --local -f - -o yaml -p "spec: ${manifest[$name]}" > "$folder/$name/manifest.yaml"
}

serving() {
  kubectl_in get service shop -o jsonpath='selects {.spec.selector}{"\n"}'
  kubectl_in get pods -l version!=green --sort-by=.metadata.uid \
    -o jsonpath='{range .items[*]}{.metadata.uid} restarted {.status.containerStatuses[*].restartCount} times{"\n"}{end}'
}

complain() { say "$name: $*"; complaints+=("$*"); }

require_untouched() { # BEFORE
  local size
  diff <(echo "$1") <(serving) || complain "what serves is not as it was"
  size=$(kubectl_in get deployment shop-green --ignore-not-found -o jsonpath='{.spec.replicas}')
  [ "${size:-0}" = 0 ] || complain "the next colour stayed, with $size replicas"
}

# The load of a service that has no pods would meet nobody.
observe() {
  [ "$fact" = - ] || {
    background "$name-fact" "${inside[@]}" python3 "$here/fail-fast.py" watch "$folder/$name/fact" "$name" "$fact"
    watch=$!
  }
  [ "$name" = asleep ] || {
    background "$name-load" "${inside[@]}" env --default-signal=INT hey -z 600s -c 1 -q 10 -t 5 -disable-keepalive "$url/"
    load=$!
  }
  sleep 1
}

run() { # FLAGS…: into ended, since, until
  local process
  ended=0 since=$EPOCHREALTIME
  (cd "$folder/$name" && exec "${inside[@]}" "$tools/baton-switch" run --release "$release" --standalone --deadline 6m "$@") \
    > "$folder/$name.log" 2>&1 < /dev/null &
  process=$!
  wait "$process" || ended=$?
  until=$EPOCHREALTIME
}

# One case from its load to its row.
try() { # CASE
  local name release code ceiling fact words url setting sets=() before since until ended load='' watch='' complaints=()
  fields "$1"
  url=$(url_of "$name")
  mkdir "$folder/$name"
  spoil > "$folder/$name/spoilt.log" 2>&1
  for setting in app=shop image="$repository_of_images" kubernetes.namespace="$name" switch.soak=5s \
    switch.verify_rollback=5s "switch.public=[$url/health]" 'switch.smoke=[{path: /health}]' \
    'switch.identify={header: X-App-Version}' ${manifest[$name]:+kubernetes.manifest=manifest.yaml} \
    ${patience[$name]:+switch.ready_timeout=${patience[$name]}}; do
    sets+=(--set "$setting")
  done
  before=$(serving)
  observe
  run "${sets[@]}"
  [ "$ended" = "$code" ] || complain "exit $ended, not $code"
  [ "$code" = 0 ] || require_untouched "$before"
  [ -z "$watch" ] || kill "$watch" 2> /dev/null || true
  [ -z "$load" ] || { kill -INT "$load" && wait "$load"; } || complain "its load ended badly"
  python3 "$here/fail-fast.py" row "$folder" "$name" "$ended" "$ceiling" "$since" "$until" "$words" \
    "${recovery[${words%%:*}]:-}" "${complaints[@]}"
}

end_case() { jobs -p | xargs -r kill 2> /dev/null || true; }

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
say "${#chosen[@]} cases, $lanes at a time"
status=0
declare -A running=()
reap() { # one, whichever ends first
  local ended
  wait -n -p ended "${!running[@]}" || status=1
  unset "running[$ended]"
}
for case in "${chosen[@]}"; do
  [ ${#running[@]} -lt $lanes ] || reap
  (trap end_case EXIT; trap 'exit 143' TERM; try "$case") &
  running[$!]=$case started+=($!)
done
while [ ${#running[@]} -gt 0 ]; do reap; done
say "--- fail fast"
python3 "$here/fail-fast.py" table "$folder" "${namespaces[@]}" || status=1
[ $status = 0 ] || fail "a case ended otherwise; logs lie in $folder"
say "fail fast: passed after $SECONDS s"

#!/bin/bash
# What precheck says on a real Kubernetes, with real servers beside it. Faults that a deployment would have met later: each is
# stopped by the check that names it, before anything is written. Fifty set-ups as teams have them: none is stopped. Then six
# lines of baton.yaml on a service that nobody touched: --observe reports every line and ends with 0. The audit log has all that
# precheck asked of the API server: it wrote nothing. Ten minutes.
#   precheck.sh BUILD FOLDER [CASE…]     some of them only. Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
trap 'status=$?; set +e; remove_laws; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

lanes=4   # at a time
accounts=pipelines
audited=("system:serviceaccounts:$accounts")
versions=(v1.5.0: v1.5.1: v1.6.0:)

# NAME | EXIT CODE | CHECK | PATTERN OF WHAT IT SAYS
faults=(
  'image       |3|image-in-registry  |the registry has no'
  'metric      |3|metrics-baseline   |absent: cpu'
  'rights      |3|access-rights      |patch.*services'
  'quota       |3|room-for-both      |quota .pods. has no room'
  'policy      |3|deployment-admitted|no release on Fridays'
  'gitops      |3|not-reconciled     |Argo CD'
  'asleep      |3|service-switchable |no ready pod'
  'api         |3|apis-served        |policy/v1beta1'
  'cpu         |3|cluster-capacity   |cpu'
  'node        |3|cluster-capacity   |selector|affinity'
  'probes      |3|probes             |readiness'
  'alert       |3|no-incident        |DatabaseDown'
  'redis       |6|redis              |NOAUTH'
  'read-only   |3|database-reachable |read.only'
  'locked      |3|migrations-locks   |users'
  'pools       |3|connection-pools   |connections'
  'external    |3|external           |503'
  'certificate |3|certificates       |self-signed certificate'
  'secret      |3|secrets            |settings.py:1'
  'vulnerable  |3|image-scan         |CVE-2026-0001'
  'large       |3|image-size         |MB'
  'coverage    |3|coverage           |of 1000 lines'
  'e2e         |3|e2e-tests          |failed'
  'disk        |3|database-disk      |5 % free'
  'live-changed|7|-                  |another release|went live'
)

# What the release's manifest has otherwise than what is live: a patch of the Deployment's spec.
declare -A manifest=(
  [cpu]='{template: {spec: {containers: [{name: shop, resources: {requests: {cpu: 100}, limits: {cpu: 100}}}]}}}'
  [node]='{template: {spec: {nodeSelector: {pool: gone}}}}'
  [probes]='{template: {spec: {containers: [{name: shop, readinessProbe: null}]}}}'
  [api]='{}'
)
# What somebody adds to the namespace while the old release serves.
declare -A objects=(
  [quota]='{apiVersion: v1, kind: ResourceQuota, metadata: {name: pods}, spec: {hard: {pods: 1}}}'
  [policy]='{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: e2e-policy}, spec: {
    matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]},
    validations: [{expression: "!object.metadata.name.startsWith(\"shop-green\")", message: no release on Fridays}]}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: e2e-policy}, spec: {
  policyName: e2e-policy, validationActions: [Deny],
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: policy}}}}}'
)
# What else its configuration says; URL of the shop that the case may use: @URL@.
declare -A settings=(
  [image]='tag=v9.9.9'
  [metric]='watch.metrics.cpu=avg(nowhere)'
  [alert]='precheck.infrastructure.alertmanager=http://127.0.0.1:9093'
  [redis]='precheck.infrastructure.redis=redis://127.0.0.1:6379'
  [read-only]='database.url=postgresql://reader@127.0.0.1:5432/shop'
  [locked]='database.url=postgresql://shop@127.0.0.1:5432/locked'
  [pools]='database.url=postgresql://shop@127.0.0.1:5432/shop precheck.capacity.pool=500'
  [external]='precheck.infrastructure.external=[http://127.0.0.1:8503/health]'
  [certificate]='precheck.security.tls=[127.0.0.1:8443]'
  [secret]='precheck.security.secrets=[src]'
  [vulnerable]='precheck.security.image=[trivy.json]'
  [large]='precheck.image.max=1MB'
  [coverage]='precheck.quality.coverage.reports=[low.xml]'
  [e2e]='precheck.quality.tests.e2e=[red.xml]'
  [disk]='database.url=postgresql://shop@127.0.0.1:5432/shop precheck.capacity.database_disk=vector(0.05)'
)

# Set-ups of the live shop that are fine: NAME | KIND | patch of its spec (strategic merge), and settings of baton.yaml behind
# a second bar. One pod each: the node holds them all.
good=(
  'plain|Deployment|{}'
  'two-pods|Deployment|{replicas: 2}'
  'recreate|Deployment|{strategy: {type: Recreate, rollingUpdate: null}}'
  'surge|Deployment|{strategy: {rollingUpdate: {maxSurge: 2, maxUnavailable: 0}}}'
  'slow-ready|Deployment|{minReadySeconds: 3}'
  'no-history|Deployment|{revisionHistoryLimit: 0}'
  'deadline|Deployment|{progressDeadlineSeconds: 60}'
  'liveness|Deployment|{template: {spec: {containers: [{name: shop, livenessProbe: {httpGet: {path: /health, port: 8080}}}]}}}'
  'startup|Deployment|{template: {spec: {containers: [{name: shop, startupProbe: {httpGet: {path: /health, port: 8080}, periodSeconds: 1}}]}}}'
  'tcp-probe|Deployment|{template: {spec: {containers: [{name: shop, readinessProbe: {httpGet: null, tcpSocket: {port: 8080}, periodSeconds: 1}}]}}}'
  'named-port|Deployment|{template: {spec: {containers: [{name: shop, ports: [{containerPort: 8080, name: http}]}]}}}'
  'no-limits|Deployment|{template: {spec: {containers: [{name: shop, resources: {limits: null}}]}}}'
  'no-requests|Deployment|{template: {spec: {containers: [{name: shop, resources: null}]}}}'
  'guaranteed|Deployment|{template: {spec: {containers: [{name: shop, resources: {requests: {cpu: 5m, memory: 64Mi}, limits: {cpu: 5m, memory: 64Mi}}}]}}}'
  'ephemeral|Deployment|{template: {spec: {containers: [{name: shop, resources: {requests: {ephemeral-storage: 10Mi}}}]}}}'
  'environment|Deployment|{template: {spec: {containers: [{name: shop, env: [{name: CURRENCY, value: EUR}]}]}}}'
  'downward|Deployment|{template: {spec: {containers: [{name: shop, env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}}}'
  'volume|Deployment|{template: {spec: {volumes: [{name: cache, emptyDir: {}}], containers: [{name: shop, volumeMounts: [{name: cache, mountPath: /cache}]}]}}}'
  'memory-volume|Deployment|{template: {spec: {volumes: [{name: cache, emptyDir: {medium: Memory, sizeLimit: 8Mi}}], containers: [{name: shop, volumeMounts: [{name: cache, mountPath: /cache}]}]}}}'
  'projected|Deployment|{template: {spec: {volumes: [{name: about, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}], containers: [{name: shop, volumeMounts: [{name: about, mountPath: /about}]}]}}}'
  'no-token|Deployment|{template: {spec: {automountServiceAccountToken: false}}}'
  'read-only-root|Deployment|{template: {spec: {containers: [{name: shop, securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}}}'
  'not-root|Deployment|{template: {spec: {securityContext: {runAsNonRoot: true, runAsUser: 65532}}}}'
  'seccomp|Deployment|{template: {spec: {securityContext: {seccompProfile: {type: RuntimeDefault}}}}}'
  'tolerates|Deployment|{template: {spec: {tolerations: [{operator: Exists}]}}}'
  'on-linux|Deployment|{template: {spec: {nodeSelector: {kubernetes.io/os: linux}}}}'
  'prefers|Deployment|{template: {spec: {affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchExpressions: [{key: pool, operator: In, values: [gone]}]}}]}}}}}'
  'needs-linux|Deployment|{template: {spec: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [linux]}]}]}}}}}}'
  'apart|Deployment|{template: {spec: {affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: shop}}}}]}}}}}'
  'spread|Deployment|{template: {spec: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: shop}}}]}}}'
  'spread-hard|Deployment|{template: {spec: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: shop}}}]}}}'
  'grace|Deployment|{template: {spec: {terminationGracePeriodSeconds: 60}}}'
  'pre-stop|Deployment|{template: {spec: {containers: [{name: shop, lifecycle: {preStop: {exec: {command: [/app, probe]}}}}]}}}'
  'dns|Deployment|{template: {spec: {dnsPolicy: None, dnsConfig: {nameservers: [10.96.0.10]}}}}'
  'aliases|Deployment|{template: {spec: {hostAliases: [{ip: 127.0.0.2, hostnames: [db]}]}}}'
  'annotated|Deployment|{template: {metadata: {annotations: {prometheus.io/scrape: "true"}}}}'
  'labelled|Deployment|{template: {metadata: {labels: {team: shop, tier: web}}}}'
  'no-links|Deployment|{template: {spec: {enableServiceLinks: false}}}'
  'helper|Deployment|{template: {spec: {containers: [{name: helper, image: "127.0.0.1:5000/shop:v1.5.0", command: [/app, probe, "http://127.0.0.1:8080/health", "10", "86400", /dev/null]}]}}}'
  'by-manifest|Deployment|{}|kubernetes.manifest=manifest.yaml'
  'by-container|Deployment|{}|kubernetes.container=shop'
  'by-port|Deployment|{}|kubernetes.port=8080'
  'another-label|Deployment|{}|kubernetes.label=colour'
  'with-budget|Deployment|{replicas: 2}'
  'with-autoscaler|Deployment|{}'
  'with-quota|Deployment|{}'
  'with-range|Deployment|{}'
  'with-policy|Deployment|{}'
  'with-internal|Deployment|{}|kubernetes.services=[shop-internal]'
  'canary|Deployment|{replicas: 2}|switch.strategy=canary'
  'rolling|Deployment|{}|switch.strategy=rolling'
  'stateful|StatefulSet|{serviceName: shop}|switch.strategy=rolling'
  'daemon|DaemonSet|{}|switch.strategy=rolling'
  'sqlite|Deployment|{}|database.url=sqlite:shop.db'
  'postgres|Deployment|{}|database.url=postgresql://shop@127.0.0.1:5432/shop'
)
declare -A around=(
  [with-budget]='{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: shop}, spec: {minAvailable: 1, selector: {matchLabels: {app: shop}}}}'
  [with-autoscaler]='{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: shop}, spec: {minReplicas: 1, maxReplicas: 2,
    scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 99}}}]}}'
  [with-quota]='{apiVersion: v1, kind: ResourceQuota, metadata: {name: pods}, spec: {hard: {pods: 10}}}'
  [with-range]='{apiVersion: v1, kind: LimitRange, metadata: {name: small}, spec: {limits: [{type: Container, max: {memory: 256Mi}}]}}'
  [with-policy]='{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: shop}, spec: {podSelector: {}, ingress: [{}]}}'
  [with-internal]='{apiVersion: v1, kind: Service, metadata: {name: shop-internal}, spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}}'
)

# What every case has in common; a case's own settings come on top, and its own check is looked at.
configuration() { # NAMESPACE CHECK
  local undeclared=(code-review vulnerabilities performance redis external no-incident staging dependency-scan image-scan secrets
    image-secrets certificates node-cpu node-memory backup-target metrics-baseline documentation team pipeline)
  cat << YAML
app: shop
image: 127.0.0.1:5000/shop
kubernetes: {namespace: $1}
metrics: {prometheus: "http://127.0.0.1:9090"}
precheck:
  not_applicable: {$(printf '%s: "of no case", ' "${undeclared[@]/#$2/calibration}")}
  quality:
    coverage: {reports: [coverage.xml]}
    tests: {unit: [unit.xml], integration: [unit.xml], e2e: [unit.xml]}
switch:
  soak: 5s
  public: ["$(url_of "$1")/health"]
  smoke: [{path: /health}]
watch: {baseline: 30s, step: 5s}
YAML
}

# A shop of its own in each namespace; of a set-up that is fine, as its row has it.
shop_of() { # NAMESPACE
  local shop kind=Deployment patch='{}' row name of_row rest
  for row in "${good[@]}"; do
    IFS='|' read -r name of_row rest <<< "$row"
    [ "$name" != "$1" ] || { kind=$of_row patch=${rest%%|*}; }
  done
  shop=$(sed "s/production/$1/; s/replicas: 3/replicas: 1/; s/cpu: 50m/cpu: 5m/" "$here/site/shop.yaml")
  awk -v RS='---\n' -v ORS='---\n' '!/kind: Deployment/' <<< "$shop"
  awk -v RS='---\n' '/kind: Deployment/' <<< "$shop" | sed "s/kind: Deployment/kind: $kind/; $([ $kind != DaemonSet ] || echo /replicas:/d)" |
    "${inside[@]}" kubectl patch --local -f - -o yaml -p "spec: $patch"
}

workload_of() { # NAMESPACE
  local row name kind
  for row in "${good[@]}"; do
    IFS='|' read -r name kind _ <<< "$row"
    [ "$name" != "$1" ] || { tr '[:upper:]' '[:lower:]' <<< "$kind"; return; }
  done
  echo deployment
}

kubectl_in() { "${inside[@]}" kubectl -n "$name" "$@"; }

remove_laws() {
  [ -n "$are_namespaces_ours" ] || return 0
  "${inside[@]}" kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy e2e-policy --ignore-not-found > /dev/null 2>&1
}

# Reports as a build leaves them.
reports() { # NAMESPACE
  local folder=$folder/$1
  printf '<testsuite tests="2"><testcase name="a"/><testcase name="b"/></testsuite>' > "$folder/unit.xml"
  printf '<testsuite tests="2"><testcase name="a"/><testcase name="b"><failure message="no"/></testcase></testsuite>' > "$folder/red.xml"
  covered 900 > "$folder/coverage.xml"
  covered 799 > "$folder/low.xml"
}

covered() { # LINES of 1000
  echo '<coverage><packages><package><classes><class filename="shop.go"><lines>'
  seq 1000 | awk -v covered="$1" '{ printf "<line number=\"%d\" hits=\"%d\"/>\n", $1, $1 <= covered }'
  echo '</lines></class></classes></package></packages></coverage>'
}

scraped() { "${inside[@]}" curl -sfG http://127.0.0.1:9090/api/v1/query --data-urlencode "query=http_requests_total{namespace=\"$name\"}" | grep -q '"value"'; }

# What of a case lies beside its configuration, or in the cluster.
spoil() {
  case $name in
    asleep) kubectl_in scale deployment/shop --replicas=0 && kubectl_in wait pods -l app=shop --for=delete --timeout=30s ;;
    gitops) kubectl_in annotate deployment/shop 'argocd.argoproj.io/tracking-id=shop:apps/Deployment:gitops/shop' ;;
    secret) mkdir "$folder/$name/src" && printf 'KEY = "amzn.%s.%s"\n' mws "$(cat /proc/sys/kernel/random/uuid)" > "$folder/$name/src/settings.py" ;;
    metric) wait_until 90 "the first sample" scraped ;;
    vulnerable) trivy_report > "$folder/$name/trivy.json" ;;
    api) printf -- '---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: shop}\nspec: {minAvailable: 1, selector: {matchLabels: {app: shop}}}\n' > "$folder/$name/old.yaml" ;;
  esac
  [ -z "${objects[$name]:-}" ] || { kubectl_in apply -f - <<< "${objects[$name]}"; sleep 3; }
  [ -z "${manifest[$name]+set}" ] || {
    shop_of "$name" | awk -v RS='---\n' '/kind: Deployment/' | kubectl_in patch --local -f - -o yaml -p "spec: ${manifest[$name]}" > "$folder/$name/manifest.yaml"
    [ ! -e "$folder/$name/old.yaml" ] || cat "$folder/$name/old.yaml" >> "$folder/$name/manifest.yaml"
  }
}

digest_of() { # VERSION
  "${inside[@]}" curl -sf -D - -o /dev/null -H 'Accept: application/vnd.oci.image.manifest.v1+json' "http://127.0.0.1:5000/v2/shop/manifests/$1" |
    tr -d '\r' | sed -n 's/^[Dd]ocker-[Cc]ontent-[Dd]igest: //p'
}

# By its published schema: one critical vulnerability of this very image.
trivy_report() {
  printf '{"SchemaVersion": 2, "CreatedAt": "%s", "ArtifactName": "127.0.0.1:5000/shop:v1.6.0", "ArtifactType": "container_image",
    "Metadata": {"RepoDigests": ["127.0.0.1:5000/shop@%s"]}, "Results": [{"Target": "shop", "Class": "lang-pkgs", "Type": "gobinary",
    "Vulnerabilities": [{"VulnerabilityID": "CVE-2026-0001", "PkgName": "stdlib", "InstalledVersion": "1.24.0", "FixedVersion": "1.24.1",
    "Severity": "CRITICAL"}]}]}' "$(date -u +%FT%TZ)" "$(digest_of v1.6.0)"
}

start_neighbours() {
  background redis "${inside[@]}" redis-server --port 6379 --bind 127.0.0.1 --requirepass secret --save ''
  background alertmanager "${inside[@]}" prometheus-alertmanager --config.file=<(echo '{route: {receiver: none}, receivers: [{name: none}]}') \
    --storage.path="$folder/alertmanager" --web.listen-address=127.0.0.1:9093 --cluster.listen-address=
  background sick "${inside[@]}" python3 "$here/precheck.py" sick 8503
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3 -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/tls.key" -out "$folder/tls.crt" 2> /dev/null
  background tls "${inside[@]}" openssl s_server -accept 127.0.0.1:8443 -key "$folder/tls.key" -cert "$folder/tls.crt" -quiet
  wait_until 20 Alertmanager "${inside[@]}" curl -sf http://127.0.0.1:9093/-/ready
  "${inside[@]}" curl -sf -H 'Content-Type: application/json' http://127.0.0.1:9093/api/v2/alerts \
    -d '[{"labels": {"alertname": "DatabaseDown", "severity": "critical", "namespace": "alert"}}]'
  sql shop 'CREATE ROLE reader LOGIN' 'ALTER ROLE reader SET default_transaction_read_only = on' 'CREATE DATABASE locked'
  sql locked 'CREATE TABLE users (id int)'
  background locker "${inside[@]}" psql -q -h 127.0.0.1 -U shop -d locked -c 'BEGIN; LOCK TABLE users; SELECT pg_sleep(900)'
}

sql() { local statement; for statement in "${@:2}"; do "${inside[@]}" psql -q -h 127.0.0.1 -U shop -d "$1" -c "$statement"; done; } # DATABASE STATEMENT…

# Who asks is told apart in the audit log.
enroll() {
  local token
  "${inside[@]}" kubectl create namespace $accounts > /dev/null
  "${inside[@]}" kubectl -n $accounts create serviceaccount precheck > /dev/null
  "${inside[@]}" kubectl -n $accounts create serviceaccount reader > /dev/null
  "${inside[@]}" kubectl create clusterrolebinding precheck --clusterrole=cluster-admin --serviceaccount=$accounts:precheck > /dev/null
  "${inside[@]}" kubectl create clusterrolebinding reader --clusterrole=view --serviceaccount=$accounts:reader > /dev/null
  for account in precheck reader; do
    token=$("${inside[@]}" kubectl -n $accounts create token $account --duration=48h)
    (umask 077; sed "s|user: {token: .*|user: {token: \"$token\"}|" "$folder/cluster/kubeconfig.yaml" > "$folder/$account.kubeconfig")
  done
}

look() { # TOOL FLAGS…: into ended
  local tool=$1 setting sets=() account=precheck; shift
  [ "$name" != rights ] || account=reader
  for setting in ${settings[$name]:-} ${manifest[$name]+kubernetes.manifest=manifest.yaml}; do sets+=(--set "$setting"); done
  ended=0
  (cd "$folder/$name" && exec "${inside[@]}" env KUBECONFIG="$folder/$account.kubeconfig" timeout 240 "$tools/baton-$tool" run --release v1.6.0 \
    --ci none "${sets[@]}" "$@") > "$folder/$name/$tool.log" 2>&1 < /dev/null || ended=$?
}

prepare() {
  mkdir "$folder/$name"
  configuration "$name" "${check:--}" > "$folder/$name/baton.yaml"
  cp -r "$here/site/db" "$folder/$name"
  reports "$name"
  spoil > "$folder/$name/spoilt.log" 2>&1
}

# One fault from its cause to its row.
try_fault() { # ROW
  local name code check words ended
  IFS='|' read -r name code check words <<< "$1"
  name=${name%% *} check=${check%% *}
  prepare
  look precheck
  [ "$name" != live-changed ] || {
    [ "$ended" = 0 ] || { tail -n 30 "$folder/$name/precheck.log"; say "$name: precheck ended with $ended"; return 1; }
    kubectl_in set image deployment/shop shop=127.0.0.1:5000/shop:v1.5.1 > /dev/null && kubectl_in rollout status deployment/shop > /dev/null
    look switch
    grep -qE "$words" "$folder/$name/switch.log" || { tail -n 30 "$folder/$name/switch.log"; say "$name: switch does not say '$words'"; return 1; }
  }
  python3 "$here/precheck.py" fault "$folder/$name" "$ended" "$code" "$check" "$words"
}

try_good() { # ROW
  local name kind rest ended check=
  IFS='|' read -r name kind rest <<< "$1"
  [[ $rest != *'|'* ]] || settings[$name]=${rest#*|}
  [ "$name" != by-manifest ] || manifest[$name]='{}'
  [ -z "${around[$name]:-}" ] || objects[$name]=${around[$name]}
  prepare
  look precheck
  python3 "$here/precheck.py" good "$folder/$name" "$ended"
}

end_case() { jobs -p | xargs -r kill 2> /dev/null || true; }

mkdir -p "$2"
wanted=" ${*:3} " chosen=() namespaces=()
for row in "${faults[@]}" "${good[@]}"; do
  IFS='| ' read -r name _ <<< "$row"
  [ $# -le 2 ] || [[ $wanted = *" $name "* ]] || continue
  namespaces+=("$name") chosen+=("$row")
done
namespaces+=(untouched)
cluster_up "$(cd "$2" && pwd)"
start_postgres
start_prometheus
start_neighbours
enroll
say "${#chosen[@]} cases, $lanes at a time"
status=0
declare -A running=()
reap() { # one, whichever ends first
  local ended
  wait -n -p ended "${!running[@]}" || status=1
  unset "running[$ended]"
}
for row in "${chosen[@]}"; do
  [ ${#running[@]} -lt $lanes ] || reap
  verb=try_good
  [[ " ${faults[*]} " != *"$row"* ]] || verb=try_fault
  (trap end_case EXIT; trap 'exit 143' TERM; $verb "$row") &
  running[$!]=$row started+=($!)
done
while [ ${#running[@]} -gt 0 ]; do reap; done

say "--- six lines of baton.yaml on a service that nobody touched"
mkdir "$folder/untouched"
printf 'app: shop\nimage: 127.0.0.1:5000/shop\nkubernetes:\n  namespace: untouched\nmetrics:\n  prometheus: http://127.0.0.1:9090\n' > "$folder/untouched/baton.yaml"
name=untouched; look precheck --observe
python3 "$here/precheck.py" observed "$folder/untouched" "$ended" || status=1
python3 "$here/precheck.py" wrote "$folder/cluster/audit.log" "system:serviceaccount:$accounts:precheck" || status=1
[ $status = 0 ] || fail "a case ended otherwise; logs lie in $folder"
say "precheck: passed after $SECONDS s"

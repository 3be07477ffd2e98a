# Sourced after world.sh: releases that roll over what serves in $namespace.
#   live_pods   are_three   release EXIT-CODE VERB FLAGS…

live_pods() { "${inside[@]}" kubectl -n "$namespace" get pods -l app=shop --field-selector=status.phase=Running -o jsonpath='{.items[*].metadata.uid}'; }

are_three() { [ "$(live_pods | wc -w)" = 3 ]; }

release() {
  local expected=$1 verb=$2 log since=$SECONDS code=0; shift 2
  log=$folder/$namespace-$verb-$SECONDS.log
  (cd "$folder" && exec "${inside[@]}" "$tools/baton-switch" "$verb" --standalone --deadline 5m --set app=shop \
    --set image="$repository_of_images" --set kubernetes.namespace="$namespace" --set switch.strategy=rolling --set switch.soak=5s \
    --set switch.verify_rollback=5s --set switch.ready_timeout=20s --set "switch.public=[$service_url/health]" \
    --set 'switch.smoke=[{path: /health}, {path: /}]' --set 'switch.identify={header: X-App-Version}' "$@") > "$log" 2>&1 < /dev/null || code=$?
  say "baton-switch $verb $*: exit $code after $((SECONDS - since)) s"
  [ $code = "$expected" ] || { tail -n 40 "$log" | cut -c1-400; fail "$expected expected"; }
  sed -n 's/^switch: ROLLBACK: /rolled back: /p' "$log" | cut -c1-220 | while read -r line; do say "  $line"; done
}

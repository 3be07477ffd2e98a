# Sourced after world.sh: users on both kinds of connections, from before a release until after it.
#   load NAME [TIMES]   unload NAME      TIMES: as many as the 200 requests/s

# The set-up in which a peer's users stayed on a bad release for 62.7 s, so that ours can be held against it: 200 requests/s
# in all, half of them on kept connections, half on fresh ones; scrapes every 5 s (site/prometheus.yml); the bad release
# fails 8 % from its first request (world.sh). Half of the load is the prober's, which tells versions apart and whose users
# renew their kept connections, so that new ones come to a bad release too; half is hey's, whose kept connections live as
# long as the pods let them.
load() {
  local times=${2:-1}
  loads=()
  offer "$1-prober" "$app" probe "$service_url/" $((100 * times)) 300 "$folder/$1-prober.json"
  offer "$1-hey-kept" hey -z 300s -c $((5 * times)) -q 10 "$service_url/"
  offer "$1-hey-fresh" hey -z 300s -c $((5 * times)) -q 10 -disable-keepalive "$service_url/"
}

offer() { # NAME COMMAND…: what a script starts in the background is deaf to SIGINT, by which load generators end in order
  local name=$1; shift
  background "$name" "${inside[@]}" env --default-signal=INT "$@"
  loads+=($!)
}

# A load that ended before its release did has seen too little.
unload() {
  local pid
  for pid in "${loads[@]}"; do kill -INT "$pid" 2> /dev/null || fail "the load '$1' was over before its release"; done
  for pid in "${loads[@]}"; do wait "$pid" || fail "the load '$1' ended badly; its logs lie in $folder"; done
}

#!/bin/bash
# Rolling updates on a real Kubernetes and under load: a good release and a person's way back; one whose first pod fails its
# smoke test, one that crashes at its start and one that never gets ready. Of the bad ones no live pod may be replaced, no
# request may fail to connect, and the time to the verdict is printed. Three minutes.
#   rolling.sh BUILD FOLDER     Root; needs Go
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
. "$here/world.sh"
. "$here/load.sh"
. "$here/roll.sh"
trap 'status=$?; set +e; world_down || status=1; exit $status' EXIT
trap 'exit 143' TERM INT

repository_of_images=127.0.0.1:5000/shop
versions=(v1.5.0: v1.6.0: "v1.7.0:ERRORS=100%" "v1.7.1:READY_AFTER=never" "v1.7.2:READY_AFTER=1h")
namespaces=(rolling)
namespace=rolling

refused() { # VERSION: found at its first pod
  local before
  wait_until 30 "the pods of the release before to end" are_three
  before=$(live_pods)
  release 4 run --release "$1"
  wait_until 30 "the pod of $1 to end" are_three
  [ "$(live_pods)" = "$before" ] || fail "$1: live pods were replaced: $before, now $(live_pods)"
}

mkdir -p "$2"
cluster_up "$(cd "$2" && pwd)"
load rolling
release 0 run --release v1.6.0
release 0 rollback --reason "customers call"
for version in v1.7.0 v1.7.1 v1.7.2; do refused $version; done
unload rolling
python3 - "$here" "$folder" << 'PY'
import sys
sys.path.insert(0, sys.argv[1])
from load import Load, say
load = Load(sys.argv[2], "rolling")
load.require_no_failure()
load.require_no_error("v1.5.0", "v1.6.0")
say(f"answers of the bad releases: { {version: sum(entry['answers'] for entry in load.met(version).values()) for version in sorted(load.versions) if version > 'v1.7'} }")
PY

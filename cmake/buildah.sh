#!/bin/bash
# buildah on the storage that `make image` fills, in the user's cache: buildah.sh ARGUMENT…
set -euo pipefail
storage=${XDG_CACHE_HOME:-$HOME/.cache}/baton-images
options=(--root "$storage" --runroot "$storage-run" --storage-driver)
# Where the kernel stacks no folders, each layer is a copy.
buildah "${options[@]}" overlay info > /dev/null 2>&1 && driver=overlay || driver=vfs
exec buildah "${options[@]}" $driver "$@"

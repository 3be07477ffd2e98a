#!/bin/bash
# Lays out the files of the image without a shell (Dockerfile): image-root.sh BUILD ROOT
set -euo pipefail
build=$1 root=$2
mkdir -p "$root"/usr/local/bin "$root"/usr/share/doc/baton "$root"/etc/ssl/certs
for tool in precheck migrate switch watch finalize; do strip -o "$root/usr/local/bin/baton-$tool" "$build/baton-$tool"; done
cp LICENSE "$root/usr/share/doc/baton/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
# libpq asks for the name of who runs it.
echo 'baton:x:65532:65532::/home/baton:/usr/sbin/nologin' > "$root/etc/passwd"
echo 'baton:x:65532:' > "$root/etc/group"
# Whoever the container runs as may write here, where no volume is mounted.
mkdir -m 1777 "$root/tmp" "$root/work"

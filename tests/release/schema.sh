#!/bin/bash
# Our loader and our schema refuse the same files: schema.sh BUILD. What reads the schema comes from PyPI, pinned, into the
# user's cache.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
templates=$here/../../ci-templates
. "$here/../e2e/ci-runners.sh"
from_pypi home check-jsonschema "$check_jsonschema_version"
"$home/bin/python" "$here/schema.py" "$1" "$home/bin/check-jsonschema"

#!/bin/bash
# Measures the scan for secrets beside others over one folder: secrets.sh BATON-PRECHECK FOLDER
# The folder should be source text of about 50 MB in the file cache. ripgrep looks for 11 of the patterns; gitleaks and
# detect-secrets run where they are installed, with what they ship. Times are of whole programs, the best of five.
set -euo pipefail
precheck=$(realpath "$1") folder=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'app: bench\nprecheck: {security: {secrets: ["%s"]}}\n' "$folder" > "$work/baton.yaml"
cat > "$work/patterns" << 'PATTERNS'
ghp_[A-Za-z0-9]{36}
glpat-[A-Za-z0-9_-]{20}
AKIA[A-Z2-7]{16}
xox[bp]-[0-9]{10,13}-[0-9]{10,13}-[A-Za-z0-9]{24}
sk_live_[A-Za-z0-9]{24}
AIza[A-Za-z0-9_-]{35}
SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}
npm_[A-Za-z0-9]{36}
dop_v1_[0-9a-f]{64}
-----BEGIN [A-Z ]*PRIVATE KEY-----
eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}
PATTERNS

# NAME COMMAND…: seconds on the wall, of the processors, and the largest resident size
measure() {
  local name=$1 best=""
  shift
  for _ in 1 2 3 4 5; do
    (cd "$work" && /usr/bin/time -o used -f '%e %U %S %M' "$@" > /dev/null 2>&1) || true
    best=$(printf '%s\n%s\n' "$best" "$(tail -n 1 "$work/used")" | sed '/^$/d' | sort -n | head -n 1)
  done
  echo "$best" | awk -v name="$name" '{ printf "%-24s %7.2f s wall %7.2f s CPU %6.0f MB\n", name, $1, $2 + $3, $4 / 1024 }'
}

du -sm --apparent-size "$folder" | awk '{ print $1 " MB" }'
find "$folder" -type f | wc -l | awk '{ print $1 " files" }'
measure "baton-precheck" "$precheck" run --standalone --only secrets
measure "ripgrep, one thread" rg -j1 -uuu --no-unicode -c -f "$work/patterns" "$folder"
measure "ripgrep, its threads" rg -uuu --no-unicode -c -f "$work/patterns" "$folder"
if command -v gitleaks > /dev/null; then measure "gitleaks" gitleaks dir "$folder" --no-banner; fi
if command -v detect-secrets > /dev/null; then measure "detect-secrets" detect-secrets scan --all-files "$folder"; fi

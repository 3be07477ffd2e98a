#!/usr/bin/env python3
"""Mutants of the whole configuration, read by our loader and by check-jsonschema with our schema: the same files are refused.

schema.py BUILD CHECK_JSONSCHEMA, run by the Python that has check-jsonschema. A mutant is the whole example with one key changed
to a text of YAML, or taken away (None).
"""
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from ruamel.yaml import YAML

MUTANTS = (
    # what is no key
    ("sock", "5m"),
    ("switch.sock", "5m"),
    ("watch.limits.disk", "{warn: 80%}"),
    ("watch.limits.latency_p95.confirm", "1m"),
    ("watch.extended", "{for: 6d, every: 6h}"),
    ("precheck.quality.review", "{min: 90}"),
    ("app", None),
    ("image", None),
    # sections
    ("switch", "5m"),
    ("switch", "[]"),
    ("switch", '""'),
    ("database", "~"),
    ("hooks", "{}"),
    # texts
    ("app", "12"),
    ("app", "1.10"),
    ("app", "true"),
    ("environment", "[staging]"),
    ("environment", "{name: staging}"),
    ("environment", "null"),
    ("environment", '""'),
    ("tag", '"{{semver}}-{{colour}}"'),
    ("tag", '"{{sember}}"'),
    ("tag", '"{{ version }}"'),
    ("tag", '"{{version"'),
    ("image", '"${IMAGE:-registry.example.com/shop}"'),
    ("kubernetes.port", "8080"),
    ("kubernetes.port", "[8080]"),
    ("database.url", '"postgresql://{{app}}"'),
    ("metrics.selector", "'namespace=\"{{namespace}}\",pod=~\"{{pod}}\"'"),
    # truths and numbers
    ("registry.plain_http", "yes"),
    ("registry.plain_http", "True"),
    ("registry.plain_http", '"true"'),
    ("registry.plain_http", '"${PLAIN:-true}"'),
    ("run.strict", "1"),
    ("run.no_color", "~"),
    ("precheck.quality.coverage.min", "100"),
    ("precheck.quality.coverage.min", "100.5"),
    ("precheck.quality.coverage.min", "-1"),
    ("precheck.quality.coverage.min", "80%"),
    ("precheck.quality.coverage.min", '"80"'),
    ("precheck.quality.tests.min_tests", "0"),
    ("precheck.quality.tests.min_tests", "2.0"),
    ("precheck.quality.tests.min_tests", "2.5"),
    ("precheck.quality.tests.min_tests", "1e3"),
    ("switch.rehearsal", "100001"),
    # durations and limits
    ("switch.soak", "5"),
    ("switch.soak", "5min"),
    ("switch.soak", "-5m"),
    ("switch.soak", "4m30s"),
    ("switch.soak", "30s4m"),
    ("switch.soak", "1.5m"),
    ("switch.soak", '""'),
    ("migrate.budget", "0s"),
    ("migrate.budget", "0h0m"),
    ("migrate.budget", "10ms"),
    ("handoff.precheck_valid", "0s"),
    ("watch.limits.cpu.warn", "80"),
    ("watch.limits.cpu.warn", "+20"),
    ("watch.limits.cpu.warn", ".5%"),
    ("watch.limits.cpu.warn", "8.0.0%"),
    ("watch.limits.latency_p95.warn", "+1pp"),
    ("watch.limits.latency_p95.warn", "95%"),
    ("watch.limits.latency_p95.rollback", "+12.5%"),
    # words
    ("switch.strategy", "bluegreen"),
    ("switch.gitops", "true"),
    ("finalize.commit", "push"),
    ("run.ci", "Github"),
    ("run.log_level", '"${LEVEL:-info}"'),
    ("run.report", "[pdf=out.pdf]"),
    ("run.report", "[junit]"),
    ("run.report", "junit=out.xml"),
    # sizes, shares, testers
    ("switch.keep", "full"),
    ("switch.keep", "0"),
    ("switch.keep", '"3"'),
    ("switch.keep", "half"),
    ("switch.canary.steps", "[]"),
    ("switch.canary.steps", "[5, 100]"),
    ("switch.canary.steps", "[0%, 100%]"),
    ("switch.canary.steps", "[101%]"),
    ("switch.canary.testers", "['X-Tester: yes', 'Cookie: tester=yes']"),
    ("switch.canary.testers", "['X-Tester']"),
    ("switch.canary.testers", "['Cookie: tester']"),
    # servers, probes, workers
    ("metrics.prometheus", "{url: http://p:9090, timeout: 5s}"),
    ("metrics.prometheus", "{url: http://p:9090, headers: {X: [a]}}"),
    ("metrics.prometheus", "{url: 'http://{{app}}:9090'}"),
    ("metrics.prometheus", "[http://p:9090]"),
    ("switch.smoke", "[{path: health}]"),
    ("switch.smoke", "[{status: 200}]"),
    ("switch.smoke", "[{path: /, status: 600}]"),
    ("switch.smoke", "[{path: /, status: 99}]"),
    ("switch.smoke", "[{path: /, kind: page}]"),
    ("switch.smoke", "[{path: /, json: [ok]}]"),
    ("switch.smoke", "[{path: /, max_time: 5}]"),
    ("switch.smoke", "[/health]"),
    ("switch.identify", "{path: /version}"),
    ("switch.identify", "{header: X, json: /v}"),
    ("switch.identify", "{json: /v, path: /version}"),
    ("switch.identify", "X-App-Version"),
    ("kubernetes.workers", "[{kind: StatefulSet, name: a}]"),
    ("kubernetes.workers", "[{kind: Deployment}]"),
    ("kubernetes.workers", "['']"),
    # queries
    ("watch.metrics.error_rate", "{errors: 'sum(a)'}"),
    ("watch.metrics.error_rate", "{errors: 'sum(rate(a[5m]))', requests: 'sum(b)'}"),
    ("watch.metrics.error_rate", "'sum(rate(a[5m]))'"),
    ("watch.metrics.latency_p95", "{buckets: 'sum by (le) (rate(a[5m]))'}"),
    ("watch.metrics.cpu", "{query: a}"),
    ("watch.metrics.cpu", "'a{pod=~\"{{pod}}\"}'"),
    # hooks, channels, keys
    ("hooks.before_stage", "['']"),
    ("hooks.before_stage", "[{run: ./a, url: http://b}]"),
    ("hooks.before_stage", "[{deadline: 5s}]"),
    ("hooks.before_stage", "[{url: ftp://b}]"),
    ("hooks.before_stage", "[{run: ./a, deadline: 0s}]"),
    ("hooks.before_stage", "[{run: ./a, token: t}]"),
    ("hooks.before_stage", "./a"),
    ("notify.to", "[{slack: a, webhook: b}]"),
    ("notify.to", "[{}]"),
    ("notify.to", "[{email: a}]"),
    ("notify.to", "{slack: a}"),
    ("signing.trust", "[{step: precheck}]"),
    ("signing.trust", "[{step: precheck, key: a, by: b}]"),
    ("signing.trust", "a.pub"),
    ("precheck.not_applicable", "[staging]"),
    ("precheck.not_applicable", "{staging: }"),
    ("precheck.not_applicable", "{staging: 1}"),
)

# What a JSON schema has no words for: only our loader refuses these.
BEYOND_A_SCHEMA = {
    ("watch.step", "6m"): "durations cannot be compared",
    ("watch.step", "500ms"): "durations cannot be compared",
    ("hooks.before_rollback", "[{run: ./a, deadline: 16s}]"): "durations cannot be compared",
    ("switch.soak_max", "1m"): "two keys cannot be compared",
    ("switch.canary.steps", "[50%, 10%, 100%]"): "two items cannot be compared",
    ("switch.canary.steps", "[10%, 50%]"): "the last item cannot be told from the others",
    ("environment", '"${STAGE"'): "what is written inside of a text",
    ("environment", '"${1:-a}"'): "what is written inside of a text",
}
VARIABLES = {"DATABASE_URL": "sqlite:a", "PROMETHEUS_TOKEN": "t", "HOOK_TOKEN": "t", "SLACK_WEBHOOK": "https://x", "BATON_SIGNING_KEY": "k"}
MARK = "@mutant@"
here = pathlib.Path(__file__).resolve().parent
build, check_jsonschema = (pathlib.Path(place).absolute() for place in sys.argv[1:3])
whole = YAML(typ="safe", pure=True).load((here / "../common/config/full.yaml").read_text(encoding="utf-8"))


def mutant(path, text):
    """JSON is YAML as well: only what is changed is written as it stands above."""
    tree = copy.deepcopy(whole)
    *sections, name = path.split(".")
    at = tree
    for section in sections:
        at = at[section]
    if text is None:
        del at[name]
    else:
        at[name] = MARK
    return json.dumps(tree).replace(f'"{MARK}"', text or "")


def refused_by_us(file):
    environment = {"PATH": os.environ["PATH"], **VARIABLES}
    ended = subprocess.run([build / "baton-precheck", "--print-config", "--config", file], env=environment,
                           capture_output=True, text=True, check=False)
    if ended.returncode not in (0, 2):
        sys.exit(f"schema: {file.read_text()}: exit {ended.returncode}: {ended.stderr}")
    return ended.returncode == 2


def refused_by_schema(folder, files):
    schema = folder / "schema.json"
    schema.write_bytes(subprocess.run([build / "baton-precheck", "--schema", "config"], capture_output=True, check=True).stdout)
    told = subprocess.run([check_jsonschema, "--schemafile", schema, "--output-format", "json", *files],
                          capture_output=True, text=True, check=False)
    result = json.loads(told.stdout)
    return {pathlib.Path(mistake["filename"]) for kind in ("errors", "parse_errors") for mistake in result.get(kind, [])}


def main():
    cases = [*MUTANTS, *BEYOND_A_SCHEMA]
    failures = []
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        files = {}
        for number, case in enumerate(cases):
            files[case] = folder / f"{number}.yaml"
            files[case].write_text(mutant(*case), encoding="utf-8")
        original = folder / "whole.yaml"
        original.write_text(json.dumps(whole), encoding="utf-8")
        by_schema = refused_by_schema(folder, [original, *files.values()])
        if original in by_schema or refused_by_us(original):
            failures.append("the whole example itself is refused")
        verdicts = {case: (refused_by_us(file), file in by_schema) for case, file in files.items()}
    for (path, text), (by_us, by_the_schema) in verdicts.items():
        expected = (True, False) if (path, text) in BEYOND_A_SCHEMA else (by_us, by_us)
        if (by_us, by_the_schema) != expected:
            words = {True: "refused", False: "taken"}
            failures.append(f"{path}: {text}: {words[by_us]} by the loader, {words[by_the_schema]} by the schema")
    refused = sum(by_us for by_us, _ in verdicts.values())
    print(f"schema: {len(cases)} mutants, {refused} refused; of {len(BEYOND_A_SCHEMA)} only the loader knows")
    for failure in failures:
        print(f"schema: FAILED: {failure}", file=sys.stderr)
    return 1 if failures or len(set(cases)) < 50 else 0


sys.exit(main())

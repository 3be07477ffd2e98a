#!/usr/bin/env python3
"""Makes GitLab's components and the file to copy out of ci-templates/gitlab/source.yml.

gitlab-templates.py ROOT    writes ROOT/templates/*.yml, for GitLab takes them from nowhere else, and ROOT/ci-templates/gitlab/{baton,build}.yml
"""
import os
import re
import sys

STEPS = ("precheck", "migrate", "switch", "watch", "finalize")
COPIED = {"image": "registry.example.com/baton:ci"}  # of an input without a default
TITLES = {
    "precheck": "Step 1: may the release go to production?",
    "migrate": "Step 2b: the database's backup and its migrations. A person starts it.",
    "switch": "Step 2c: the next colour, the traffic, the soak; and the way back on the environment's stop button.",
    "watch": "Step 3: the intensive phase in the release's pipeline, the rest by a schedule.",
    "finalize": "Step 4: the summary, the history, the archive; what is due later by a schedule.",
    "build": "Step 2a: the image, its scan, staging, the load test; each leaves a report for precheck.",
    "release": "One release through the five steps. Its pipeline is a tag's; a schedule's looks after the 24 hours and the week.",
}
COPIES = {"baton": """\
# One release through the five steps, for every tag; scheduled pipelines look after the 24 hours and the week. Copy it, put your
# image in, and write a schedule: docs/ci-gitlab.md. The component `release` is the same with inputs. The repository holds
# baton.yaml; what that names by ${NAME} comes from masked and protected CI/CD variables.
#
# Each job hands its files on as artifacts and their digest as a dotenv variable: whoever alters the one is found out by the
# other (exit 7). Exit 75 means "come back at BATON_<STEP>_RUN_AGAIN_AT": that code alone is allowed to fail.
""", "build": """\
# Step 2a: the image, its scan, staging, the load test. Copy it beside baton.yml and include both, or write your own: precheck
# takes what lies in reports/.
"""}


def parts_of(text):
    names = re.findall(r"^#= ([a-z]+)\n", text, re.M)
    return dict(zip(names, re.split(r"^#= [a-z]+\n", text, flags=re.M)[1:]))


def inputs_of(text):
    """{name: its lines}"""
    return {m[1]: m[2] for m in re.finditer(r"^([a-z_]+):\n((?:  .*\n)+)", text, re.M)}


def component(name, text, inputs):
    used = set(re.findall(r"\$\[\[ inputs\.([a-z_]+) \]\]", text))
    spec = "".join(f"    {key}:\n" + re.sub("^", "    ", lines, flags=re.M).rstrip(" ")
                   for key, lines in inputs.items() if key in used)
    return f"# {TITLES[name]} Made by cmake/gitlab-templates.py.\nspec:\n  inputs:\n{spec}---\n{text}"


def copied(name, text, inputs):
    def default(match):
        found = re.search(r"^  default: (.*)\n", inputs[match[1]], re.M)
        value = found[1] if found else COPIED[match[1]]
        return "" if value == '""' else value
    filled = re.sub(r"\$\[\[ inputs\.([a-z_]+) \]\]", default, text)
    return COPIES[name] + re.sub(r'^"([a-z-]+)":', r"\1:", filled, flags=re.M)


def main(root):
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../ci-templates/gitlab/source.yml")
    with open(source, encoding="utf-8") as file:
        parts = parts_of(file.read())
    inputs = inputs_of(parts["inputs"])
    whole = parts["head"] + "\n" + "\n".join(parts[name] for name in ("job",) + STEPS)
    files = {f"templates/{step}.yml": component(step, (parts["job"] + "\n" + parts[step]).replace(".baton:", f".baton-{step}:")
                                                .replace("extends: .baton", f"extends: .baton-{step}"), inputs)
             for step in STEPS}
    files["templates/release.yml"] = component("release", whole, inputs)
    files["templates/build.yml"] = component("build", parts["build"], inputs)
    files["ci-templates/gitlab/baton.yml"] = copied("baton", whole, inputs)
    files["ci-templates/gitlab/build.yml"] = copied("build", parts["build"], inputs)
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8") as file:
            file.write(text)


main(sys.argv[1])

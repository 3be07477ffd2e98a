#!/usr/bin/env python3
"""Holds the pages against each other and against the executables: links.py BUILD [PAGE…]

  links      each relative link leads to a file, each anchor to a heading
  commands   each `baton-…` in a block or between backticks names a verb and flags that its --help knows
  keys       each key of baton.yaml between backticks, and in --set, is in the schema, or refused by name as a later one
  codes      each "exit N" and each code of a table is one of the contract's
  yaml       each block that begins with "# baton.yaml" is a configuration that loads
  versions   an archive's name has the version that is built
  inputs     what an example hands to our workflow or component is one of its inputs
  sh         each block marked sh is of a page that tests/e2e/pages.sh runs, or says why nobody runs it

PAGE: README.md and docs/*.md where none is named.
"""
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import commands  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TOOLS = ("precheck", "migrate", "switch", "watch", "finalize")
CODES = {0, 1, 2, 3, 4, 5, 6, 7, 75, 124, 130, 143}
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$")
SPAN = re.compile(r"`([^`]+)`")
EXIT = re.compile(r"\bexit (?:code )?(\d+)\b", re.IGNORECASE)
EXAMPLES = ((r"uses: \S+/\.github/workflows/deploy\.yml@", ".github/workflows/deploy.yml", "with"),
            (r"component: \S+/release@", "templates/release.yml", "inputs"))
NAMES_A_KEY = re.compile(r"^[a-z_]+(\.[a-z_0-9]+)+$")
SET = re.compile(r"--set[= ]'?\"?([a-z_0-9.]+)=")


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def without_blocks(path):
    """(number, line) of what is prose."""
    inside = False
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            yield number, line


def anchor(heading):
    """As GitHub and GitLab make it."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")


def anchors(path):
    return {anchor(found.group(1)) for _, line in without_blocks(path) if (found := HEADING.match(line))}


class Executables:
    """What the five say of themselves."""

    def __init__(self, build):
        self.build = build
        self.helps = {tool: self.run(tool, "--help") for tool in TOOLS}
        self.verbs = {tool: self.verbs_in(text) for tool, text in self.helps.items()}
        self.keys = set()
        self.collect("", json.loads(self.run("switch", "--schema", "config")))
        self.later = set(re.findall(r'^    "([a-z_.0-9]+)",$', text_of(ROOT + "/common/config/later_keys.cpp"), re.M))

    def run(self, tool, *arguments):
        done = subprocess.run([f"{self.build}/baton-{tool}", *arguments], capture_output=True, text=True, cwd="/", check=True)
        return done.stdout

    @staticmethod
    def verbs_in(text):
        listed = re.search(r"^Verbs:\n((?:  .*\n)+)", text, re.M)
        verbs = set(re.findall(r"^  ([a-z-]+)", listed.group(1), re.M)) if listed else set()
        return verbs | {verb for verb in ("help", "completion") if re.search(rf"\b{verb} [A-Za-z|\[]", text)}   # of all five

    def collect(self, prefix, schema):
        for form in [schema, *schema.get("oneOf", []), *schema.get("anyOf", [])]:
            for name, below in form.get("properties", {}).items():
                self.keys.add(prefix + name)
                self.collect(prefix + name + ".", below)

    def help_of(self, tool, verb):
        """One that has a help of its own for its verbs says there what else they take."""
        done = subprocess.run([f"{self.build}/baton-{tool}", verb, "--help"], capture_output=True, text=True, cwd="/", check=False)
        return self.helps[tool] + done.stdout

    def knows_key(self, key):
        """Below a key that has none of its own (reasons by name, a later version's) anything may stand."""
        known = self.keys | self.later
        parts = key.split(".")
        above = [".".join(parts[:n]) for n in range(1, len(parts))]
        return key in known or any(name in known and not any(other.startswith(name + ".") for other in known) for name in above)


def invocations(line):
    """The argument lists of the tools' calls in a shell's line."""
    for tool, rest in re.findall(r"\bbaton-(precheck|migrate|switch|watch|finalize)\b((?:[ \t]+(?:\"[^\"]*\"|'[^']*'|[^\s|;&)<>\"'#`])+)*)", line):
        try:
            yield tool, shlex.split(rest)
        except ValueError:
            yield tool, rest.split()


def wrong_in(executables, tool, arguments):
    words = [word for word in arguments if not word.startswith("-")]
    verb = words[0] if words and arguments[0] == words[0] and words[0] in executables.verbs[tool] else ""
    if arguments and re.fullmatch(r"[a-z][a-z-]*", arguments[0]) and not verb:
        yield f"baton-{tool} has no verb '{arguments[0]}'"
    known = executables.help_of(tool, verb) if verb else executables.helps[tool]
    for word in arguments:
        flag = word.split("=")[0]
        if re.fullmatch(r"--[a-z][a-z0-9-]*|-[a-z]", flag) and not re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", known):
            yield f"baton-{tool} {verb} has no flag '{flag}'"


class Page:
    def __init__(self, path, executables, whole):
        self.path, self.executables, self.whole = path, executables, whole
        self.wrong = []

    def note(self, number, what):
        self.wrong.append(f"{os.path.relpath(self.path, ROOT)}:{number}: {what}")

    def links(self):
        for number, line in without_blocks(self.path):
            for target in LINK.findall(SPAN.sub("", line)):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, fragment = target.partition("#")
                file = os.path.normpath(os.path.join(os.path.dirname(self.path), name)) if name else self.path
                if not os.path.exists(file):
                    self.note(number, f"there is no '{name}'")
                elif fragment and file.endswith(".md") and fragment not in anchors(file):
                    self.note(number, f"'{name or os.path.basename(file)}' has no heading '#{fragment}'")

    def commands(self):
        lines = []
        for first, kind, block, _ in commands.blocks(self.path):
            lines += [(first + at, line) for at, line in enumerate(block) if kind in ("sh", "yaml", "console")]
        for number, line in without_blocks(self.path):
            lines += [(number, span) for span in SPAN.findall(line)]
        for number, line in lines:
            for tool, arguments in invocations(line):
                for what in wrong_in(self.executables, tool, arguments):
                    self.note(number, what)
            for key in SET.findall(line):
                if not self.executables.knows_key(key):
                    self.note(number, f"baton.yaml has no key '{key}'")

    def keys(self):
        sections = {key for key in self.executables.keys if "." not in key}
        for number, line in without_blocks(self.path):
            for span in SPAN.findall(line):
                key = span.split(":")[0]
                if NAMES_A_KEY.match(key) and key.split(".")[0] in sections and not self.executables.knows_key(key) \
                        and not re.search(r"\.(json|md|yaml|yml|db|txt|sh|py|cpp|h|conf)$", key):
                    self.note(number, f"baton.yaml has no key '{key}'")

    def codes(self):
        is_table = False
        for number, line in enumerate(text_of(self.path).splitlines(), 1):
            is_table = line.startswith(("| code |", "| exit |")) or (is_table and line.startswith("|"))
            cell = line.split("|")[1] if is_table else ""
            for code in EXIT.findall(line) + re.findall(r"\b\d+\b", cell):
                if int(code) not in CODES:
                    self.note(number, f"there is no exit code {code}")

    def configurations(self):
        for first, kind, block, _ in commands.blocks(self.path):
            if kind != "yaml" or not block or not block[0].startswith("# baton.yaml"):
                continue
            with tempfile.TemporaryDirectory() as folder:
                with open(folder + "/baton.yaml", "w", encoding="utf-8") as file:
                    file.write("\n".join(block) + "\n")
                done = subprocess.run([f"{self.executables.build}/baton-switch", "--print-config"], cwd=folder, capture_output=True,
                                      text=True, check=False, env={"DATABASE_URL": "sqlite:app.db", "PATH": os.environ["PATH"]})
            if done.returncode != 0:
                self.note(first, "does not load: " + done.stderr.strip())

    def versions(self):
        built = re.search(r"^project\(baton VERSION ([0-9.]+)", text_of(ROOT + "/CMakeLists.txt"), re.M).group(1)
        for number, line in enumerate(text_of(self.path).splitlines(), 1):
            for version in re.findall(r"baton-(\d[\d.]*)-linux", line):
                if version != built:
                    self.note(number, f"{version} is not the version {built} that is built")

    def inputs(self):
        for first, kind, block, _ in commands.blocks(self.path):
            text = "\n".join(block)
            for called, file, given in EXAMPLES:
                if kind != "yaml" or not re.search(called, text):
                    continue
                if not os.path.exists(f"{ROOT}/{file}"):
                    self.note(first, f"there is no '{file}'")
                    continue
                declared = text_of(f"{ROOT}/{file}").split("inputs:", 1)[-1]
                handed = re.search(rf"^( *){given}:\n((?:\1 +.*\n?)+)", text, re.M)
                for name in re.findall(r"^ *([a-z_0-9-]+):", handed.group(2) if handed else "", re.M):
                    if not re.search(rf"^ +{name}:", declared, re.M):
                        self.note(first, f"'{file}' has no input '{name}'")

    def unrun(self):
        name = os.path.relpath(self.path, ROOT)
        for first, kind, _, reason in commands.blocks(self.path):
            if kind == "sh" and not reason and name not in self.whole:
                self.note(first, "nobody runs this block, and it does not say why")

    def look(self):
        self.links()
        self.commands()
        self.keys()
        self.codes()
        self.configurations()
        self.versions()
        self.inputs()
        self.unrun()
        return self.wrong


def pages_that_run():
    """As the script lists them."""
    script = text_of(ROOT + "/tests/e2e/pages.sh")
    listed = re.search(r"^pages=\(([^)]*)\)", script, re.M).group(1).split()
    return {"README.md", "docs/quickstart.md", *(f"docs/{page}.md" for page in listed)}


def main():
    executables = Executables(os.path.abspath(sys.argv[1]))
    paths = [os.path.abspath(path) for path in sys.argv[2:]] or [ROOT + "/README.md", *sorted(glob.glob(ROOT + "/docs/*.md"))]
    whole = pages_that_run()
    wrong = [what for path in paths for what in Page(path, executables, whole).look()]
    for what in wrong:
        print(what)
    print(f"links: {len(paths)} pages, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

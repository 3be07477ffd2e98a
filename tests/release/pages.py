#!/usr/bin/env python3
"""Compares manual pages and completions with --help, tool by tool: pages.py EXECUTABLES PAGES [EMULATOR]

Verbs, flags, values and exit codes of --help are all there and nothing else is: in the manual as it is printed, in what bash
and fish offer when they are asked, and in what zsh hands to its own completion. Each file is also read by its program's
checker: mandoc and groff, and the shells. A tool's own flags are in the help of the verbs that they are for, and completions
are the same when the tool prints them. With --output json whatever is asked is answered by one JSON document.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

TOOLS = ("precheck", "migrate", "switch", "watch", "finalize")
# What is offered for an argument in a folder that holds a-file and a-folder; nothing for any other word of --help.
PLACES = {"FILE": ["a-file", "a-folder"], "DIR": ["a-folder"]}
FILES = (("bash", "bash-completion/completions/baton-{}"), ("zsh", "zsh/site-functions/_baton-{}"),
         ("fish", "fish/vendor_completions.d/baton-{}.fish"))
executables, pages = (os.path.abspath(folder) for folder in sys.argv[1:3])
emulator = sys.argv[3:]
failures = []


def say(text):
    print(f"pages: {text}")


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def expect(what, expected, found):
    if sorted(expected) != sorted(found):
        missing, more = sorted(set(expected) - set(found)), sorted(set(found) - set(expected))
        failures.append(f"{what}: missing {missing}, more than --help {more}, in all {len(found)} for {len(expected)}")


def check(what, *command):
    told = run(*command)
    if told.returncode != 0 or told.stdout + told.stderr:
        failures.append(f"{what}: {' '.join(command)}: {told.returncode} {told.stdout}{told.stderr}")


def words_of_help(tool):
    """Verbs and flags, each with its argument, and exit codes."""
    text = run(*emulator, f"{executables}/baton-{tool}", "--help").stdout
    verbs = re.findall(r"^  ([a-z][a-z-]*)(?: (\S+))?", text.split("\nVerbs:\n")[1].split("\n\n")[0], re.M)
    flags = re.findall(r"^  (?:-(\w), )?--([a-z0-9-]+)(?: (\S+))?", text, re.M)
    codes = re.findall(r"^ {2,6}(\d+) ", text.split("\nExit codes:\n")[1], re.M)
    assert verbs and len(flags) > 20 and len(codes) > 10, f"--help of baton-{tool} reads otherwise"
    return dict(verbs), flags, codes


def places(argument):
    return argument.split("|") if "|" in argument else PLACES.get(argument.strip("[]"), [])


def names_of(flags):
    return [f"--{name}" for _, name, _ in flags] + [f"-{letter}" for letter, _, _ in flags if letter]


def check_manual(tool, verbs, flags, codes):
    page = f"{pages}/share/man/man1/baton-{tool}.1"
    check("manual", "mandoc", "-T", "lint", "-W", "warning", page)
    check("manual", "groff", "-man", "-ww", "-z", page)
    shown = run("mandoc", "-T", "ascii", "-O", "width=200", page).stdout
    shown = re.sub(r".\x08", "", shown)
    sections = dict(re.findall(r"^([A-Z][A-Z ]+)\n(.*?)(?=^[A-Z]|\Z)", shown, re.M | re.S))
    expect(f"verbs of the manual of {tool}", verbs, re.findall(r"^ {7}([a-z][a-z-]*)", sections["VERBS"], re.M))
    found = re.findall(r"^ {7}(?:-(\w), )?--([a-z0-9-]+)(?: (\S+))?", sections["OPTIONS"], re.M)
    expect(f"flags of the manual of {tool}", flags, found)
    expect(f"codes of the manual of {tool}", codes, re.findall(r"^ {7}(\d+) ", sections["EXIT STATUS"], re.M))


def in_bash(tool, *line):
    words = " ".join(f"'{word}'" for word in (f"baton-{tool}", *line))
    script = f"""compopt() {{ :; }}
      . {pages}/share/bash-completion/completions/baton-{tool}
      COMP_WORDS=({words}) COMP_CWORD={len(line)}
      _baton_{tool} && printf '%s\\n' "${{COMPREPLY[@]}}" """
    return run("bash", "-ec", script).stdout.split()


def check_equals_in_bash(tool):
    """For bash "=" is a word of its own."""
    for words in (("--output", "="), ("--output", "=", ""), ("-n", "shop", "--output", "=", "")):
        expect(f"{words} in bash of {tool}", ["text", "json"], in_bash(tool, *words))


def in_fish(tool, *line):
    script = f"source {pages}/share/fish/vendor_completions.d/baton-{tool}.fish; complete -C 'baton-{tool} {' '.join(line)}'"
    return [offer.split("\t")[0] for offer in run("fish", "--no-config", "-c", script).stdout.splitlines()]


def in_zsh(tool, state, verb=""):
    """What the file hands to zsh's _arguments and _describe, a line each, quoting undone by zsh itself."""
    script = f"""_arguments() {{ print -rl -- "$@"; state={state}; line=({verb}); return 1; }}
      _describe() {{ print -rl -- "${{(@P)2}}"; }}
      _files() {{ print -rl -- _files "$@"; }}
      compadd() {{ print -r -- "compadd $*"; }}
      . {pages}/share/zsh/site-functions/_baton-{tool}"""
    return run("zsh", "-fc", script).stdout.splitlines()


def check_shell(name, tool, offers, verbs, flags):
    expect(f"verbs in {name} of {tool}", verbs, [word for word in offers(tool, "") if not word.startswith("-")])
    offered = [word for dash in ("-", "--") for word in offers(tool, dash) if word.startswith("-")]
    expect(f"flags in {name} of {tool}", set(names_of(flags)), set(offered))
    for _, flag, value in flags:
        if value:
            found = [word.rstrip("/") for word in offers(tool, f"--{flag}", "")]
            expect(f"values of --{flag} in {name} of {tool}", value.split("|") if "|" in value else places(value), found)
    for verb, argument in verbs.items():
        expect(f"arguments of {verb} in {name} of {tool}", places(argument), [word.rstrip("/") for word in offers(tool, verb, "")])


def check_zsh(tool, verbs, flags):
    lines = in_zsh(tool, "verb")
    specs = [line for line in lines if line.startswith("*-")]
    expect(f"flags in zsh of {tool}", names_of(flags), [re.match(r"\*(--?[a-z0-9-]+)", spec)[1] for spec in specs])
    described = [line.split(":")[0] for line in "\n".join(lines).partition("*: :->argument\n")[2].splitlines()]
    expect(f"verbs in zsh of {tool}", verbs, described)
    for verb, argument in verbs.items():
        offered = in_zsh(tool, "argument", verb)[-1:]
        words = [f"compadd {argument.replace('|', ' ')}"] if "|" in argument else ["*: :->argument"]
        expected = {"FILE": ["_files"], "DIR": ["-/"]}.get(argument.strip("[]"), words)
        expect(f"argument of {verb} in zsh of {tool}", expected, offered)
    values = {re.match(r"\*--([a-z0-9-]+)", spec)[1]: spec for spec in specs if spec.startswith("*--")}
    for _, flag, value in flags:
        takes = values.get(flag, "").startswith(f"*--{flag}=")
        expect(f"value of --{flag} in zsh of {tool}", [bool(value)], [takes])
        if "|" in value:
            expect(f"values of --{flag} in zsh of {tool}", value.split("|"),
                   re.findall(r"[^\s()]+", values.get(flag, "").rpartition("(")[2]))


def check_verbs(tool, verbs):
    """Each flag of the tool's own is for a verb whose help names it; every verb of the tool has an example that begins with it."""
    def own(text):
        return set(re.findall(r"^  --([a-z0-9-]+)", text.partition("\nFlags:\n")[2].partition("\n\n")[0], re.M))
    whole = run(f"{executables}/baton-{tool}", "--help").stdout
    found = set()
    for verb in verbs:
        text = run(f"{executables}/baton-{tool}", "help", verb).stdout
        if verb in ("help", "version", "completion"):
            continue
        found |= own(text)
        examples = text.partition("\nExamples:\n")[2].partition("\n\n")[0]
        if not examples or not all(f"baton-{tool}" in line for line in examples.splitlines()):
            failures.append(f"help of baton-{tool} {verb} has no example")
    expect(f"flags of the verbs of {tool}", own(whole), found)


def check_json(tool, verbs):
    """In a folder that holds nothing most of them fail: that, too, is a document."""
    for words in ([], ["nosuch"], ["--nosuch"], ["--help"], ["--version"], ["--print-config", "--set", "app=shop"], *([verb] for verb in verbs),
                  *([verb, "bash"] for verb in verbs), *(["help", verb] for verb in verbs)):
        told = run(f"{executables}/baton-{tool}", *words, "--output", "json")
        try:
            document = json.loads(told.stdout)
        except json.JSONDecodeError:
            document = None
        if not isinstance(document, dict) or len(document) < 2 or (told.returncode and document["exit_code"] != told.returncode):
            failures.append(f"baton-{tool} {' '.join(words)} --output json: {told.returncode} {told.stdout[:200]!r}")


def check_printed(tool):
    for shell, file in FILES:
        with open(f"{pages}/share/{file.format(tool)}", encoding="utf-8") as kept:
            if run(f"{executables}/baton-{tool}", "completion", shell).stdout != kept.read():
                failures.append(f"baton-{tool} completion {shell} prints another file than the archive has")


empty = tempfile.TemporaryDirectory()
os.chdir(empty.name)
os.mkdir("a-folder")
open("a-file", "w", encoding="utf-8").close()
for name in TOOLS:
    its_verbs, its_flags, its_codes = words_of_help(name)
    check_manual(name, its_verbs, its_flags, its_codes)
    check_verbs(name, its_verbs)
    check_printed(name)
    check_json(name, its_verbs)
    for shell, file in FILES:
        check(shell, shell, "-n", f"{pages}/share/{file.format(name)}")
    check_shell("bash", name, in_bash, its_verbs, its_flags)
    check_equals_in_bash(name)
    check_shell("fish", name, in_fish, its_verbs, its_flags)
    check_zsh(name, its_verbs, its_flags)
    say(f"baton-{name}: {len(its_verbs)} verbs, {len(its_flags)} flags and {len(its_codes)} codes in the manual and three completions")
for failure in failures:
    print(f"pages: FAILED: {failure}", file=sys.stderr)
sys.exit(1 if failures else 0)

#!/usr/bin/env python3
"""Watches for the fact of one case of fail-fast.sh, asserts what its run has to show, and prints all of them.

  fail-fast.py watch PATH NAMESPACE FACT    writes when the cluster first showed it, in Unix seconds; FACT: "KIND PATTERN"
  fail-fast.py row FOLDER NAME CODE CEILING SINCE UNTIL WORDS RECOVERY COMPLAINT…
                                            a row for the table; SINCE and UNTIL: of the run, WORDS: a pattern
  fail-fast.py table FOLDER NAME…           the rows
"""
import glob
import json
import os
import re
import signal
import subprocess
import sys
import time

from load import Hey, say

COLUMNS = "{:<12}{:>5}  {:>9}{:>9}{:>9}{:>8}  {}"
WIDTH = 90  # characters of a reason


def shown(kind, thing):
    """What it is about, and in which words."""
    if kind == "events":
        return thing["involvedObject"]["name"], f'{thing["reason"]}: {thing["message"]}'
    return thing["metadata"]["name"], json.dumps(thing["status"])


def watch(path, namespace, fact):
    kind, pattern = fact.split(" ", 1)
    group = "apis/apps/v1" if kind == "deployments" else "api/v1"
    url = f"/{group}/namespaces/{namespace}/{kind}?watch=1"
    with subprocess.Popen(["kubectl", "get", "--raw", url], stdout=subprocess.PIPE, text=True) as stream:
        signal.signal(signal.SIGTERM, lambda *_: stream.terminate())
        for line in stream.stdout:
            about, text = shown(kind, json.loads(line)["object"])
            if about.startswith("shop-green") and re.search(pattern, text):
                with open(path, "w", encoding="utf-8") as file:
                    file.write(str(time.time()))
                break
        stream.terminate()


def seconds_from_fact(folder, name, until):
    try:
        with open(f"{folder}/{name}/fact", encoding="utf-8") as file:
            return until - float(file.read())
    except OSError:
        return None


def users(path):
    if not os.path.exists(path):
        return "-", 0
    hey = Hey(path)
    return hey.requests, hey.requests - hey.statuses.get(200, 0)


def row(folder, name, code, ceiling, since, until, words, recovery, *complaints):
    with open(f"{folder}/{name}.log", encoding="utf-8") as file:
        text = file.read()
    found = re.search(words, text)
    took = float(until) - float(since)
    is_watched = os.path.exists(f"{folder}/{name}-fact.log")
    from_fact = seconds_from_fact(folder, name, float(until)) if is_watched else took
    requests, failed = users(f"{folder}/{name}-load.log")
    says_next = code == "0" or "\nDo next:\n  1. " + recovery in text or "\nswitch: hint: " in text
    sends_to_log = "last lines stand above" in text
    is_log_saved = glob.glob(f"{folder}/{name}/.baton/evidence/*.log")
    claims = [
        (found, f"it does not say '{words}'"),
        (says_next, f"it does not say what to do next: '{recovery}…'"),
        (not sends_to_log or "its log ends: " in text, "its advice sends to a log of which no line is printed"),
        (not sends_to_log or is_log_saved, "its advice sends to a log that is not in the evidence"),
        (from_fact is not None, "the cluster never showed the fact"),
        (from_fact is None or from_fact <= float(ceiling), f"{from_fact} s from the fact, {ceiling} are the most"),
        (requests, "nobody asked what serves"),
        (not failed, f"{failed} of {requests} requests failed"),
    ]
    complaints = [*complaints, *(text for truth, text in claims if not truth)]
    said = found.group(0) if found else " ".join(re.findall(r"pods-ready: .*", text))
    cells = [name, code, f"{took:.1f}", "-" if from_fact is None else f"{from_fact:.1f}", ceiling, requests, said]
    with open(f"{folder}/{name}.row", "w", encoding="utf-8") as file:
        json.dump({"cells": cells, "complaints": complaints}, file)
    sys.exit(bool(complaints))


def table(folder, *names):
    say(COLUMNS.format("case", "exit", "run, s", "fact, s", "at most", "requests", "said"))
    is_bad = False
    for name in names:
        try:
            with open(f"{folder}/{name}.row", encoding="utf-8") as file:
                entry = json.load(file)
        except OSError:
            entry = {"cells": [name, *"-----", ""], "complaints": ["no row, see above"]}
        *cells, reason = entry["cells"]
        say(COLUMNS.format(*cells, reason[:WIDTH] + "…" * (len(reason) > WIDTH)))
        for complaint in entry["complaints"]:
            say(f"  FAILED: {complaint}")
        is_bad |= bool(entry["complaints"])
    sys.exit(is_bad)


{"watch": watch, "row": row, "table": table}[sys.argv[1]](*sys.argv[2:])

#!/usr/bin/env python3
"""Asserts what precheck.sh saw.

  precheck.py fault FOLDER CODE EXPECTED CHECK WORDS   the finding CHECK stops and says WORDS, a pattern; "-": no finding of it
  precheck.py good FOLDER CODE                         nothing stopped
  precheck.py observed FOLDER CODE                     every line is there, and the real verdict stands in the handoff
  precheck.py wrote AUDIT USER                         of all that USER asked of the API server nothing was a write
  precheck.py sick PORT                                a server that answers 503
"""
import http.server
import json
import re
import sys


def say(text):
    print(f"e2e: {text}", flush=True)


def name_of(folder):
    return folder.rstrip("/").rsplit("/", 1)[1]


def complain(folder, text):
    try:
        with open(f"{folder}/precheck.log", encoding="utf-8") as file:
            print(file.read()[-6000:])
    except OSError:
        pass
    say(f"{name_of(folder)}: FAILED: {text}")
    sys.exit(1)


def predicate_of(folder):
    with open(f"{folder}/.baton/precheck.json", encoding="utf-8") as file:
        return json.load(file)["predicate"]


def said(finding):
    return f'{finding["outcome"]}: {finding.get("observed", "")} {finding.get("message", "")}'


def fault(folder, code, expected, check, words):
    if check == "-":
        if code != expected:
            complain(folder, f"ended with {code}, not {expected}")
        say(f"{name_of(folder):<13} {code}  stopped by switch, which moved nothing")
        return
    findings = predicate_of(folder)["findings"]
    found = [finding for finding in findings if finding["id"] == check]
    if not found:
        complain(folder, f"no finding {check}")
    if code != expected:
        complain(folder, f"ended with {code}, not {expected}; {check} is {said(found[0])}")
    if found[0]["outcome"] not in ("fail", "unknown") or not re.search(words, said(found[0])):
        complain(folder, f"{check} is {said(found[0])}")
    others = [f["id"] for f in findings if f["id"] != check and f["critical"] and f["outcome"] in ("fail", "unknown")]
    say(f"{name_of(folder):<13} {code}  {check}: {said(found[0])[:110]}" + (f"; also {', '.join(others)}" if others else ""))


def good(folder, code):
    findings = predicate_of(folder)["findings"]
    bad = [f'{f["id"]} {said(f)}' for f in findings if f["critical"] and f["outcome"] in ("fail", "unknown")]
    if code != "0" or bad:
        complain(folder, f"ended with {code}: " + "; ".join(bad))
    warned = [f["id"] for f in findings if f["outcome"] == "warn"]
    say(f"{name_of(folder):<17} 0  {len(findings)} lines, warned: {', '.join(warned) or 'nothing'}")


def observed(folder, code):
    predicate = predicate_of(folder)
    findings = predicate["findings"]
    silent = [f["id"] for f in findings if not f.get("message") and f["outcome"] != "pass"]
    if code != "0" or len(findings) < 40 or silent or not predicate.get("observed"):
        complain(folder, f"ended with {code}, {len(findings)} lines, without a word: {silent}, observed {predicate.get('observed')}")
    say(f"untouched: exit 0, {len(findings)} lines, verdict {predicate['verdict']}, observed {predicate['observed']}")


READS = ("get", "list", "watch")
REVIEWS = ("selfsubjectaccessreviews", "selfsubjectrulesreviews")


def wrote(audit, user):
    asked, writes = 0, []
    with open(audit, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if event["user"]["username"] != user:
                continue
            asked += 1
            about = event.get("objectRef", {})
            if event["verb"] in READS or about.get("resource") in REVIEWS or "dryRun=All" in event["requestURI"]:
                continue
            writes.append(f'{event["verb"]} {event["requestURI"]}')
    if writes or asked == 0:
        say(f"FAILED: {asked} requests, writes: {writes[:10]}")
        sys.exit(1)
    say(f"{asked} requests of precheck to the API server, none of them a write")


class Sick(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def sick(port):
    http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Sick).serve_forever()


if __name__ == "__main__":
    verbs = {"fault": fault, "good": good, "observed": observed, "wrote": wrote, "sick": sick}
    verbs[sys.argv[1]](*sys.argv[2:])

#!/usr/bin/env python3
"""Holds what a printed Role grants against what the API server was asked for, by its own audit log.

  role.py account TOKEN                             the name of the token's ServiceAccount and the token's own id
  role.py compare AUDIT EVERYONE ACCOUNT FOLDER     FOLDER: role.json, and of each step role-STEP.json and its tokens' ids in
      STEP.ids. Asked and granted are the same sets of (verb, group, resource, subresource); nothing was forbidden; no step
      asked for more than its own part. EVERYONE: the ClusterRole that Kubernetes gives whoever it knows.
  role.py without VERB RESOURCE < ROLES             the same List without that right
"""
import base64
import json
import pathlib
import sys

# Granted and not asked for by name: why the audit log cannot show it.
UNSEEN = {
    ("create", "", "serviceaccounts", ""): "server-side apply of a new object is a patch; that it may be created is asked inside",
    ("get", "", "persistentvolumeclaims", ""): "the shop's pods name none",
    ("get", "node.k8s.io", "runtimeclasses", ""): "the shop's pods name none",
}


def say(text):
    print(f"e2e: {text}")


def fail(text):
    sys.exit(f"e2e: FAILED: {text}")


def text_of(call):
    verb, group, resource, subresource = call
    return f"{verb} {resource}{'/' + subresource if subresource else ''}{' (' + group + ')' if group else ''}"


def lines(calls):
    return ", ".join(sorted(map(text_of, calls))) or "nothing"


def granted_by(rules):
    calls = set()
    for rule in rules:
        for group in rule.get("apiGroups", []):
            for resource in rule.get("resources", []):
                plural, _, subresource = resource.partition("/")
                calls |= {(verb, group, plural, subresource) for verb in rule["verbs"]}
    return calls


def granted_in(path):
    return granted_by(rule for item in json.loads(path.read_text())["items"] for rule in item.get("rules", []))


def events_of(audit, account):
    with open(audit, encoding="utf-8") as log:
        for line in log:
            event = json.loads(line)
            if event["user"]["username"] == account and event["stage"] == "ResponseComplete":
                yield event


def call_of(event):
    asked = event.get("objectRef")
    if not asked or "resource" not in asked:
        return None  # discovery, which everybody may ask
    return event["verb"], asked.get("apiGroup", ""), asked["resource"], asked.get("subresource", "")


def token_of(event):
    ids = event["user"].get("extra", {}).get("authentication.kubernetes.io/credential-id", [])
    return ids[0].removeprefix("JTI=") if ids else ""


def compare(audit, everyone, account, folder):
    folder = pathlib.Path(folder)
    free = granted_by(json.loads(pathlib.Path(everyone).read_text())["rules"])
    granted = granted_in(folder / "role.json")
    steps = {path.stem: path.read_text().split() for path in folder.glob("*.ids")}
    asked, by_step, times = set(), {step: set() for step in steps}, 0
    for event in events_of(audit, account):
        call = call_of(event)
        if event["responseStatus"]["code"] == 403:
            fail(f"{folder.name}: forbidden: {event['requestURI']}: {event['responseStatus'].get('message', '')}")
        if call is None:
            continue
        times += 1
        asked.add(call)
        step = next((step for step, ids in steps.items() if token_of(event) in ids), None)
        if step is None:
            fail(f"{folder.name}: nobody's token asked: {event['requestURI']}")
        by_step[step].add(call)
    unseen = {call for call in UNSEEN if call in granted}
    if more := asked - granted - free:
        fail(f"{folder.name}: asked and not granted: {lines(more)}")
    if idle := granted - asked - unseen:
        fail(f"{folder.name}: granted and never asked: {lines(idle)}")
    for step, calls in sorted(by_step.items()):
        part = granted_in(folder / f"role-{step}.json")
        if more := calls - part - free:
            fail(f"{folder.name}: {step} asked for more than its part: {lines(more)}")
        say(f"{folder.name}: {step}: {len(calls & part)} of its part's {len(part)} kinds of calls; not asked: {lines(part - calls - unseen)}")
    say(f"{folder.name}: {times} calls of {len(asked - free)} kinds, {len(granted)} granted: the same but for {lines(unseen)}")


def without(verb, resource):
    roles = json.load(sys.stdin)
    taken = 0
    for item in roles["items"]:
        for rule in item.get("rules", []):
            if rule["resources"] == [resource] and verb in rule["verbs"]:
                rule["verbs"].remove(verb)
                taken += 1
        if "rules" in item:
            item["rules"] = [rule for rule in item["rules"] if rule["verbs"]]
    if not taken:
        fail(f"nobody is granted {verb} {resource}")
    json.dump(roles, sys.stdout)


def account(token):
    body = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    print(claims["sub"], claims["jti"])


if __name__ == "__main__":
    {"account": account, "compare": compare, "without": without}[sys.argv[1]](*sys.argv[2:])

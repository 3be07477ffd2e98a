#!/usr/bin/env python3
"""Prints an in-toto statement of how a release was made: SLSA's provenance, version 1.

provenance.py SBOM ARCHITECTURE COMMIT RECIPE VERSION FILE… > STATEMENT
FILEs are what it is about. What was linked stands in SBOM; what compiled it are packages of this machine. Who built it says so by
variables, which an archive's bytes never depend on: SOURCE_URI (where the commit can be had), BUILDER_ID, INVOCATION_ID.
"""
import hashlib
import json
import os
import subprocess
import sys
import urllib.parse

NATIVE_TOOLS = ("g++-12", "binutils", "cmake", "ninja-build")
CROSS_TOOLS = {"arm64": ("g++-12-aarch64-linux-gnu", "binutils-aarch64-linux-gnu", "cmake", "ninja-build")}

sbom_file, architecture, commit, recipe, version, *files = sys.argv[1:]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def subject(path):
    with open(path, "rb") as file:
        return {"name": os.path.basename(path), "digest": {"sha256": hashlib.sha256(file.read()).hexdigest()}}


def source():
    """Changes that are in no commit are said: the commit alone is not what was built then."""
    found = {"name": "source", "digest": {"gitCommit": commit}}
    if os.environ.get("SOURCE_URI"):
        found["uri"] = f"git+{os.environ['SOURCE_URI']}@{commit}"
    if output("git", "status", "--porcelain"):
        found["annotations"] = {"changedSince": True}
    return found


def linked():
    with open(sbom_file, encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    return {package["externalRefs"][0]["referenceLocator"] for package in packages if "externalRefs" in package}


def compiled_by(native):
    for name in NATIVE_TOOLS if architecture == native else CROSS_TOOLS[architecture]:
        its_version = urllib.parse.quote(output("dpkg-query", "-W", "-f", "${Version}", name), safe="")
        yield f"pkg:deb/debian/{urllib.parse.quote(name)}@{its_version}?arch={native}&distro=bookworm"


def statement():
    native = output("dpkg", "--print-architecture")
    command = "make dist" if architecture == native else f"make dist ARCH={architecture}"
    details = {"builder": {"id": os.environ.get("BUILDER_ID") or "urn:baton:builder:unnamed"}}
    if os.environ.get("INVOCATION_ID"):
        details["metadata"] = {"invocationId": os.environ["INVOCATION_ID"]}
    dependencies = sorted(linked() | set(compiled_by(native)))
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [subject(path) for path in files],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "urn:baton:make-dist:v1",
                "externalParameters": {"version": version, "commit": commit, "command": command},
                "internalParameters": {"librariesRecipe": recipe},
                "resolvedDependencies": [source()] + [{"uri": uri} for uri in dependencies],
            },
            "runDetails": details,
        },
    }


print(json.dumps(statement(), indent=1))

#!/usr/bin/env python3
"""Prints runc's config.json for a container of an image as an orchestrator with a strict policy starts it.

bundle.py IMAGE-CONFIG ROOT FOLDER READONLY(yes|no) COMMAND…
User, environment and folder are the image's own; there are no capabilities, no new privileges and no network. Of FOLDER,
work/ is the checkout in /work, which nobody writes to, and evidence/ is /evidence, the place of --dir and TMPDIR. Where the
root is read-only, nothing else can be written to.
"""
import json
import subprocess
import sys
import tempfile


def bundle(image, root, volumes, readonly, command):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["runc", "spec", "-b", folder], check=True)
        with open(f"{folder}/config.json", encoding="utf-8") as file:
            spec = json.load(file)
    uid, gid = image["User"].split(":")
    spec["root"] = {"path": root, "readonly": readonly}
    spec["process"] |= {"terminal": False, "args": command, "cwd": image["WorkingDir"], "env": image["Env"] + ["TMPDIR=/evidence"],
                        "user": {"uid": int(uid), "gid": int(gid)}, "capabilities": {}, "noNewPrivileges": True}
    for name, access in (("work", "ro"), ("evidence", "rw")):
        spec["mounts"].append({"destination": f"/{name}", "type": "bind", "source": f"{volumes}/{name}", "options": ["rbind", access]})
    return spec


with open(sys.argv[1], encoding="utf-8") as config:
    print(json.dumps(bundle(json.load(config), sys.argv[2], sys.argv[3], sys.argv[4] == "yes", sys.argv[5:])))

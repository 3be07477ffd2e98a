#!/usr/bin/env python3
"""Writes Prometheus targets from the pod list once a second until it is ended: targets.py NAMESPACE FILE."""
import json
import os
import subprocess
import sys
import time


def targets(namespace):
    listed = subprocess.run(["kubectl", "-n", namespace, "get", "pods", "-o", "json"], capture_output=True, text=True, check=True)
    for pod in json.loads(listed.stdout)["items"]:
        address = pod["status"].get("podIP")
        if address and pod["status"].get("phase") == "Running":
            yield {"targets": [address + ":8080"], "labels": {"namespace": namespace, "pod": pod["metadata"]["name"]}}


def main():
    namespace, path = sys.argv[1:]
    while True:
        try:
            text = json.dumps(list(targets(namespace)))
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path + ".new", path)
        except subprocess.CalledProcessError as error:
            print(error.stderr, file=sys.stderr)
        time.sleep(1)


main()

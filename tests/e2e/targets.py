#!/usr/bin/env python3
"""Writes Prometheus targets from the pod list once a second until it is ended.

  targets.py FILE NAMESPACE…   NAMESPACE=60s is scraped every 60 s, others as Prometheus is configured
"""
import json
import os
import subprocess
import sys
import time


def targets(intervals):
    listed = subprocess.run(["kubectl", "get", "pods", "-A", "-o", "json"], capture_output=True, text=True, check=True)
    for pod in json.loads(listed.stdout)["items"]:
        namespace, address = pod["metadata"]["namespace"], pod["status"].get("podIP")
        if namespace not in intervals or not address or pod["status"].get("phase") != "Running":
            continue
        labels = {"namespace": namespace, "pod": pod["metadata"]["name"]}
        if intervals[namespace]:
            labels["__scrape_interval__"] = intervals[namespace]
        yield {"targets": [address + ":8080"], "labels": labels}


def main():
    path, *namespaces = sys.argv[1:]
    intervals = {name: interval for name, _, interval in (text.partition("=") for text in namespaces)}
    while True:
        try:
            text = json.dumps(list(targets(intervals)))
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(path + ".new", path)
        except subprocess.CalledProcessError as error:
            print(error.stderr, file=sys.stderr)
        time.sleep(1)


main()

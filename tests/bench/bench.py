#!/usr/bin/env python3
"""Measures what the lower floors cost beside what everybody has: bench.py PROGRAM TOOLS REPORT

TOOLS is the folder of the five executables.

One run measures both sides, in turns, and prints ratios: the machine's mood is in both. Nothing here can fail for being
slow. CPU is user and system time of the process alone, as wait4 tells it; the best of ROUNDS counts.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import documents

ROUNDS = 3
REQUESTS, AT_ONCE = 1000, 64
OBJECTS, PAGE = 5000, 500
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


class Run:
    """A program that has ended: what it said, its CPU seconds and its largest resident size in MB."""

    def __init__(self, argv, **settings):
        with tempfile.TemporaryFile() as output:
            child = subprocess.Popen(argv, stdout=output, **settings)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                sys.exit(f"bench: {argv[0]} ended with {child.returncode}")
            output.seek(0)
            self.text = output.read().decode()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.megabytes = usage.ru_maxrss / 1024


class Server:
    """Ours, in a process of its own; counts what reaches it."""

    def __init__(self, program, folder):
        self.child = subprocess.Popen([program, "serve", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True)
        self.url = self.child.stdout.readline().strip()

    def counts(self):
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        return [int(word) for word in self.child.stdout.readline().split()]

    def stop(self):
        self.child.stdin.close()
        self.child.wait()


class Store:
    """A metrics store with so many pods, in a process of its own."""

    def __init__(self, program, pods):
        self.child = subprocess.Popen([program, "store", str(pods)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True)
        self.url = self.child.stdout.readline().strip()

    def megabytes(self):
        """Answered since it was asked last."""
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        return int(self.child.stdout.readline()) / 1e6

    def stop(self):
        self.child.stdin.close()
        self.child.wait()


class Report:
    def __init__(self):
        self.lines = ["| work | ours | peer | ours / peer |", "| --- | --- | --- | --- |"]

    def row(self, work, ours, peer, ratio):
        self.lines.append(f"| {work} | {ours} | {peer} | {ratio} |")
        print(f"{work}: {ours}; {peer}; {ratio}", flush=True)


def best(runs):
    return min(runs, key=lambda run: run.cpu)


def counted(server, start):
    before = server.counts()
    run = start()
    run.counts = [after - earlier for after, earlier in zip(server.counts(), before)]
    return run


def connections(run):
    return "{} connections, {} handshakes, {} of them resumed".format(*run.counts)


def measure_https(report, program, server, folder):
    """The same requests against the same server, with the authorities of a whole system beside its own."""
    with open(f"{folder}/bundle.pem", "wb") as bundle:
        for part in (BUNDLE, f"{folder}/ca.pem"):
            with open(part, "rb") as source:
                shutil.copyfileobj(source, bundle)
    with open(f"{folder}/requests", "w", encoding="utf-8") as requests:
        requests.writelines(f'url = "{server.url}/{i}"\noutput = "/dev/null"\n' for i in range(REQUESTS))
    curl = ["curl", "--no-progress-meter", "--parallel", "--parallel-max", str(AT_ONCE), "-K", f"{folder}/requests"]
    for name, ca in (("Debian's CA bundle", f"{folder}/bundle.pem"), ("one CA", f"{folder}/ca.pem")):
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(counted(server, lambda: Run([program, "get", server.url, str(REQUESTS), str(AT_ONCE)],
                                                    env={**os.environ, "SSL_CERT_FILE": ca})))
            theirs.append(counted(server, lambda: Run(curl + ["--cacert", ca])))
        own, peer = best(ours), best(theirs)
        report.row(f"{REQUESTS:,} GET over https, {AT_ONCE} at once, {name}",
                   f"{own.cpu / REQUESTS * 1e6:.0f} µs CPU a request, {own.megabytes:.0f} MB; {connections(own)}",
                   f"curl: {peer.cpu / REQUESTS * 1e6:.0f} µs, {peer.megabytes:.0f} MB; {connections(peer)}",
                   f"{own.cpu / peer.cpu:.2f}")


def measure_json(report, program, folder):
    for kind, count in (("nodes", 2000), ("pods", 2000), ("matrix", 1000)):
        path = f"{folder}/{kind}.json"
        with open(path, "w", encoding="utf-8") as file:
            file.write(documents.text(kind, 0, count))
        size = os.path.getsize(path) / 1e6
        with open(path, encoding="utf-8") as file:
            text = file.read()
        ours, jq, python = [], [], []
        for _ in range(ROUNDS):
            ours.append([float(word) for word in Run([program, "parse", path, "2"]).text.split()])
            jq.append(Run(["jq", "-c", ".", path]).cpu)
            begin = time.process_time()
            json.loads(text)
            python.append(time.process_time() - begin)
        reading, writing = min(run[0] for run in ours), min(run[1] for run in ours)
        report.row(f"JSON, {kind}, {size:.0f} MB: read", f"{size / reading:.0f} MB/s",
                   f"Python: {size / min(python):.0f} MB/s", f"{min(python) / reading:.2f}")
        report.row(f"JSON, {kind}, {size:.0f} MB: read and written", f"{size / (reading + writing):.0f} MB/s",
                   f"jq: {size / min(jq):.0f} MB/s", f"{min(jq) / (reading + writing):.2f}")


def measure_lists(report, program, server, folder):
    megabytes = 0.0
    for kind in ("nodes", "pods"):
        for page in range(OBJECTS // PAGE):
            is_last = (page + 1) * PAGE == OBJECTS
            text = documents.text(kind, page * PAGE, PAGE, "" if is_last else str(page + 1))
            megabytes += len(text.encode()) / 1e6
            with open(f"{folder}/{kind}-{page}.json", "w", encoding="utf-8") as file:
                file.write(text)
    environment = {**os.environ, "SSL_CERT_FILE": f"{folder}/ca.pem"}
    kept, seen = (Run([program, verb, server.url], env=environment) for verb in ("list", "visit"))
    if kept.text != seen.text or int(seen.text) != 2 * OBJECTS:
        sys.exit("bench: a list is not whole")
    report.row(f"{OBJECTS:,} nodes and {OBJECTS:,} pods, {megabytes:.0f} MB: visited, beside kept whole",
               f"visited: {seen.megabytes:.0f} MB, {seen.cpu:.2f} s CPU",
               f"kept: {kept.megabytes:.0f} MB, {kept.cpu:.2f} s CPU",
               f"{seen.megabytes / kept.megabytes:.2f} of the memory")


def measure_ticks(report, program, folder):
    """A tick that judges a day at 15 s; beside it Python reads as many bytes of the same form, and judges nothing."""
    path = f"{folder}/matrix.json"
    with open(path, encoding="utf-8") as file:
        text = file.read()
    begin = time.process_time()
    json.loads(text)
    python = (time.process_time() - begin) / (os.path.getsize(path) / 1e6)
    for pods, rounds in ((3, ROUNDS), (500, 1)):
        store = Store(program, pods)
        try:
            runs, megabytes = [], 0.0
            for _ in range(rounds):
                runs.append(Run([program, "tick", store.url, "24"]))
                megabytes = store.megabytes()
        finally:
            store.stop()
        own = best(runs)
        report.row(f"a tick over 24 h at 15 s, {pods} pods, {megabytes:.0f} MB of answers",
                   f"{own.cpu:.2f} s CPU, {own.megabytes:.0f} MB",
                   f"Python reads as many: {python * megabytes:.2f} s", f"{own.cpu / (python * megabytes):.2f}")


class Fleet:
    """A playground whose API server shows each of its pods as many, in a process of its own."""

    def __init__(self, program, times):
        self.child = subprocess.Popen([program, "fleet", str(times)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      text=True)
        _, self.folder, self.image = self.child.stdout.readline().split()

    def requests(self):
        """That reached the API server since it was asked last."""
        self.child.stdin.write("\n")
        self.child.stdin.flush()
        return int(self.child.stdout.readline())

    def run(self, argv, kubeconfig, *settings):
        flags = [f"--set={setting}" for setting in (f"image={self.image}", "app=myapp", *settings)]
        return Run([*argv, "run", "--standalone", "--ci=none", "--release=v1.6.0", *flags], cwd=self.folder,
                   stderr=subprocess.DEVNULL, env={**os.environ, "KUBECONFIG": f"{self.folder}/{kubeconfig}"})

    def stop(self):
        self.child.stdin.close()
        self.child.wait()


def measure_fleets(report, program, tools):
    """Two minutes of watch over both colours, beside the same watch over two pods each."""
    taken = {}
    for pods in (2, 2500):
        fleet, store = Fleet(program, pods // 2), Store(program, pods)
        try:
            smoke = ("switch.smoke=[{path: /health}]", "switch.identify={header: X-App-Version}")
            fleet.run([f"{tools}/baton-switch"], "own", "switch.soak=1s", "switch.soak_max=2s", "switch.drain=none", *smoke)
            fleet.requests()
            begin = time.monotonic()
            taken[pods] = fleet.run([f"{tools}/baton-watch"], "kubeconfig", f"metrics.prometheus={store.url}",
                                    "watch.baseline=1m", "watch.intensive={for: 2m, every: 1m}",
                                    "watch.passive={for: 15s, every: 15s}", *smoke)
            taken[pods].rate = fleet.requests() / (time.monotonic() - begin)
        finally:
            store.stop()
            fleet.stop()
    few, many = taken[2], taken[2500]
    report.row("watch over two minutes, 2,500 pods a colour, beside 2",
               f"{many.megabytes:.0f} MB, {many.cpu:.1f} s CPU, {many.rate:.2f} requests/s to the API server",
               f"2 pods: {few.megabytes:.0f} MB, {few.cpu:.1f} s CPU, {few.rate:.2f} requests/s",
               f"{many.megabytes / few.megabytes:.1f} of the memory")


def facts():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown CPU")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = {name: subprocess.run([name, "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
               for name in ("curl", "jq")}
    return [f"- {datetime.date.today()}; {os.cpu_count()} cores ({model}), {memory:.0f} GB; "
            f"load {os.getloadavg()[0]:.1f} at the start",
            f"- peers: {' '.join(version['curl'].split()[:2])}, {version['jq']}, Python {sys.version.split()[0]}"]


def main():
    program, tools, path = sys.argv[1:]
    about = facts()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(program, folder)
        try:
            measure_https(report, program, server, folder)
            measure_lists(report, program, server, folder)
        finally:
            server.stop()
        measure_json(report, program, folder)
        measure_ticks(report, program, folder)
    measure_fleets(report, program, tools)
    text = "\n".join(["# Benchmarks", "",
                      "Written by `make bench`: both sides in one run, against the same server and documents on loopback.",
                      "What the machine does besides slows both: compare the ratios, not the figures, with another day's.", "",
                      *about,
                      f"- best of {ROUNDS} turns; CPU is that of the process alone (the server is another)",
                      "- ratios are costs for https, lists and ticks (below 1: ours is cheaper), speeds for JSON (above 1: ours is faster)",
                      "",
                      *report.lines, ""])
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()

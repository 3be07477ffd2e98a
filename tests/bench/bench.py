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
from processes import Fleet, Front, Run, Server, Store

ROUNDS = 3
REQUESTS, AT_ONCE = 1000, 64
OBJECTS, PAGE = 5000, 500
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


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


def behind_front(program, scheme, folder, start):
    """What `start` runs against a front of its own, and how long it took."""
    front = Front(program, scheme, folder)
    try:
        begin = time.monotonic()
        run = counted(front, lambda: start(front))
        run.seconds = time.monotonic() - begin
        return run
    finally:
        front.stop()


def connect_anew(front, folder, count):
    """curl; the front closes each connection behind its answer."""
    with open(f"{folder}/anew", "w", encoding="utf-8") as requests:
        requests.writelines(f'url = "{front.url}/"\noutput = "/dev/null"\n' for _ in range(count))
    # As a proof does it, and at once: nothing is resumed, no connection is waited for.
    return Run(["curl", "--no-progress-meter", "--parallel", "--parallel-immediate", "--parallel-max", str(AT_ONCE),
                "--no-sessionid", "--cacert", front.authority, "-K", f"{folder}/anew"])


def measure_proofs(report, program, folder):
    """That 500 pods arrived and 500 left, as switch proves it; curl makes as many connections to as late a server."""
    plain = None
    for scheme in ("http", "https"):
        own = behind_front(program, scheme, folder, lambda front: Run(
            [program, "prove", front.url], env={**os.environ, "SSL_CERT_FILE": front.authority}))
        seconds, answers = float(own.text.split()[0]), int(own.text.split()[1])
        peer = behind_front(program, scheme, folder, lambda front: connect_anew(front, folder, answers))
        each = own.cpu / answers * 1e6
        plain = plain or each
        beside = "" if scheme == "http" else f", {each / plain:.1f} times that over http"
        report.row(f"proof of 500 + 500 pods over {scheme}, 50 ms a round trip",
                   f"{seconds:.1f} s, {answers:,} answers, {each:.0f} µs CPU an answer{beside}; {connections(own)}",
                   f"curl: {peer.seconds:.1f} s, {peer.cpu / answers * 1e6:.0f} µs; {connections(peer)}",
                   f"{own.cpu / peer.cpu:.2f}")


def over_fleet(program, tools, pods):
    """A watch of two minutes over two colours of so many pods, and the switch to the next release."""
    fleet, store = Fleet(program, pods // 2), Store(program, pods)
    smoke = ("switch.smoke=[{path: /health}]", "switch.identify={header: X-App-Version}")
    soak = ("switch.soak=1s", "switch.soak_max=2s", "switch.drain=none", *smoke)
    try:
        fleet.run([f"{tools}/baton-switch"], "own", "v1.6.0", *soak)
        fleet.requests()
        begin = time.monotonic()
        watch = fleet.run([f"{tools}/baton-watch"], "kubeconfig", "v1.6.0", f"metrics.prometheus={store.url}",
                          "watch.baseline=1m", "watch.intensive={for: 2m, every: 1m}",
                          "watch.passive={for: 15s, every: 15s}", *smoke)
        watch.rate = fleet.requests() / (time.monotonic() - begin)
        begin = time.monotonic()
        switch = fleet.run([f"{tools}/baton-switch"], "kubeconfig", "v1.7.0", *soak)
        switch.seconds = time.monotonic() - begin
        return watch, switch
    finally:
        store.stop()
        fleet.stop()


def measure_fleets(report, program, tools):
    """Two minutes of watch over both colours, and a switch, beside the same over two pods each."""
    few_watched, few_switched = over_fleet(program, tools, 2)
    watched, switched = over_fleet(program, tools, 2500)
    report.row("watch over two minutes, 2,500 pods a colour, beside 2",
               f"{watched.megabytes:.0f} MB, {watched.cpu:.1f} s CPU, {watched.rate:.2f} requests/s to the API server",
               f"2 pods: {few_watched.megabytes:.0f} MB, {few_watched.cpu:.1f} s CPU, {few_watched.rate:.2f} requests/s",
               f"{watched.megabytes / few_watched.megabytes:.1f} of the memory")
    report.row("switch, each pod asked once by smoke and for its version, 2,500 pods a colour, beside 2",
               f"{switched.megabytes:.0f} MB, {switched.cpu:.1f} s CPU, {switched.seconds:.0f} s",
               f"2 pods: {few_switched.megabytes:.0f} MB, {few_switched.cpu:.1f} s CPU, {few_switched.seconds:.0f} s",
               f"{switched.megabytes / few_switched.megabytes:.1f} of the memory")


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
    program, tools, path = (os.path.abspath(word) for word in sys.argv[1:])
    Run.program = program
    about = facts()
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(program, "serve", folder)
        try:
            measure_https(report, program, server, folder)
            measure_proofs(report, program, folder)
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
                      "- ratios are costs for https, proofs, lists and ticks (below 1: ours is cheaper), speeds for JSON (above 1: ours is faster)",
                      "",
                      *report.lines, ""])
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()

"""A playground of its own: sandbox, Prometheus, load, and a sink that counts webhooks. Everything dies with it, by pid."""
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DEMO = HERE.parent / "sandbox" / "demo"
RPS = 160  # enough to judge a difference of 2 points within a few seconds


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def fetch(url, method="GET", body=None):
    with DIRECT.open(urllib.request.Request(url, data=body, method=method), timeout=10) as answer:
        return answer.read().decode().strip()


def await_answer(url, limit=30):
    end = time.monotonic() + limit
    while True:
        try:
            return fetch(url)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class Sink:
    """Takes webhooks and keeps what came: the event and the key by which a receiver knows a repetition."""

    def __init__(self):
        self.messages = []
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                sink.messages.append((body["event"], self.headers["Idempotency-Key"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()


class Playground:
    def __init__(self, build, folder):
        self.build = pathlib.Path(build).resolve()
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True)
        self.processes = []
        self.env = {key: value for key, value in os.environ.items()
                    if not key.startswith(("BATON_", "KUBE", "GITHUB_", "GITLAB_", "CI")) and not key.lower().endswith("_proxy")}
        self.sink = Sink()

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait()
        self.sink.close()

    def start(self):
        shutil.copy(HERE / "baton.yaml", self.folder)
        shutil.copytree(DEMO / "reports", self.folder / "reports", copy_function=shutil.copyfile)
        (self.folder / "db" / "migrations").mkdir(parents=True)
        (self.folder / "shop.db").touch()
        self.start_sandbox()
        self.start_prometheus()
        self.env["SINK_URL"] = self.sink.url
        self.launch("load", self.sandbox, "load", "--url", self.env["FRONT_URL"] + "/api/users",
                    "--rps", str(RPS), "--for", "10m", "--workers", "8")

    def launch(self, name, *command):
        with open(self.folder / f"{name}.log", "wb") as log:
            self.processes.append(subprocess.Popen([str(part) for part in command], stdout=log, stderr=log))

    @property
    def sandbox(self):
        return self.build / "tests" / "sandbox" / "baton-sandbox"

    def start_sandbox(self):
        place = self.folder / "sandbox"
        self.launch("sandbox", self.sandbox, "serve", "--folder", place, "--manifest", DEMO / "sandbox.yaml",
                    "--start-delay", "500ms", "--release", "v1.5.0", "--release", "v1.6.0")
        end = time.monotonic() + 20
        while not (place / "sandbox.env").exists():
            if time.monotonic() > end:
                raise TimeoutError("the sandbox did not come up")
            time.sleep(0.05)
        self.env.update(line.split("=", 1) for line in (place / "sandbox.env").read_text().splitlines())
        self.api = self.env["SANDBOX_API"]
        self.env["KUBECONFIG"] = str(place / "kubeconfig")
        self.env["FRONT_URL"] = fetch(f"{self.api}/sandbox/fronts/myapp")
        self.env["STAGING_URL"] = fetch(f"{self.api}/sandbox/fronts/staging/myapp")
        await_answer(self.env["FRONT_URL"] + "/health")
        await_answer(self.env["STAGING_URL"] + "/health")

    def start_prometheus(self):
        self.env["PROMETHEUS_URL"] = f"http://127.0.0.1:{free_port()}"
        text = (DEMO / "prometheus.yml").read_text().replace("@SANDBOX@", self.api.removeprefix("http://"))
        (self.folder / "prometheus.yml").write_text(text)
        self.launch("prometheus", "prometheus", f"--config.file={self.folder}/prometheus.yml", "--log.level=error",
                    f"--storage.tsdb.path={self.folder}/prometheus",
                    "--web.listen-address=" + self.env["PROMETHEUS_URL"].removeprefix("http://"))
        await_answer(self.env["PROMETHEUS_URL"] + "/-/ready")

    def set_release(self, version, fault=""):
        fetch(f"{self.api}/sandbox/releases/{version}", "PUT", fault.encode())

    def get(self, path):
        return json.loads(fetch(self.api + path))

    def command(self, tool, release, *more):
        return [str(self.build / f"baton-{tool}"), *more, "--release", release]

    def begin(self, tool, release, *more, log=subprocess.DEVNULL):
        """Starts a tool as a runner does: leader of a session of its own."""
        return subprocess.Popen(self.command(tool, release, *more), cwd=self.folder, env=self.env, start_new_session=True,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

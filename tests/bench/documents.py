"""Lists of nodes and pods as an API server writes them: about 9 kB an object, most of it what nobody reads."""
import json


def managed_fields(i):
    owned = {"f:metadata": {"f:labels": {f"f:label-{k}.example.com/name": {} for k in range(12)}},
             "f:status": {"f:conditions": {f'k:{{"type":"Condition{k}"}}': {".": {}, "f:lastHeartbeatTime": {},
                          "f:message": {}, "f:reason": {}, "f:status": {}, "f:type": {}} for k in range(8)}}}
    return [{"apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": owned, "manager": manager,
             "operation": "Update", "subresource": "status", "time": f"2026-11-25T10:{i % 60:02d}:00Z"}
            for manager in ("kubelet", "kube-controller-manager")]


def metadata(kind, i):
    return {"name": f"{kind}-{i:05d}", "uid": f"{i:08x}-1c2d-4e5f-8a9b-0123456789ab",
            "resourceVersion": str(100000 + i), "creationTimestamp": "2026-11-01T08:00:00Z", "managedFields": managed_fields(i),
            "labels": {f"label-{k}.example.com/name": f"value-{i}-{k}" for k in range(12)},
            "annotations": {"example.com/note": 'a "quoted" text\nwith two lines', "example.com/where": "Zürich"}}


def conditions(*names):
    return [{"type": name, "status": "True" if name == "Ready" else "False", "reason": f"Kubelet{name}",
             "message": f"kubelet says {name} since the last look", "lastHeartbeatTime": "2026-11-25T10:00:00Z",
             "lastTransitionTime": "2026-11-01T08:00:00Z"} for name in names]


def node(i):
    images = [{"names": [f"registry.example.com/team-{k}/service@sha256:{i * 40 + k:064x}",
                         f"registry.example.com/team-{k}/service:v1.{k}.0"], "sizeBytes": 52428800 + k}
              for k in range(20)]
    return {"metadata": metadata("node", i), "spec": {"podCIDR": f"10.{i // 256}.{i % 256}.0/24"},
            "status": {"conditions": conditions("MemoryPressure", "DiskPressure", "PIDPressure", "Ready"),
                       "capacity": {"cpu": "8", "memory": "32768000Ki", "pods": "110"}, "images": images}}


def pod(i):
    containers = [{"name": f"container-{k}", "image": f"registry.example.com/team/service:v1.{k}.0",
                   "ports": [{"containerPort": 8000 + p, "protocol": "TCP"} for p in range(3)],
                   "env": [{"name": f"VARIABLE_{v}", "value": f"value of {v}"} for v in range(20)],
                   "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}} for k in range(3)]
    return {"metadata": metadata("pod", i), "spec": {"nodeName": f"node-{i % 5000:05d}", "containers": containers},
            "status": {"phase": "Running", "podIP": f"10.{i // 256}.{i % 256}.7",
                       "conditions": conditions("Initialized", "Ready", "ContainersReady", "PodScheduled")}}


def matrix(i):
    """One series of a range query: 480 samples."""
    return {"metric": {"__name__": "http_requests_total", "pod": f"shop-{i:05d}", "code": "200"},
            "values": [[1764064800 + 15 * k, f"{i * 1000 + k * 7.25}"] for k in range(480)]}


KINDS = {"nodes": node, "pods": pod, "matrix": matrix}


def text(kind, first, count, following=""):
    """`count` objects from number `first` on, as one page whose continue token is `following`."""
    page = {"kind": kind.capitalize(), "apiVersion": "v1",
            "metadata": {"resourceVersion": "1", "continue": following} if following else {"resourceVersion": "1"},
            "items": [KINDS[kind](i) for i in range(first, first + count)]}
    return json.dumps(page, separators=(",", ":"), ensure_ascii=False)

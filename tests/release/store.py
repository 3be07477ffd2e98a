#!/usr/bin/env python3
"""The whole world of an empty root: names, a Kubernetes API of one node and a PostgreSQL that says no, all behind TLS.

  store.py CERT KEY      DNS on 127.0.0.53:53, HTTPS on 127.0.0.1:8443, PostgreSQL's TLS on 127.0.0.1:5432

Prints "asked …" for what came after a finished handshake: whoever refuses the certificate asks nothing.
"""
import http.server
import json
import socket
import ssl
import struct
import sys
import threading

NODE = {"metadata": {"name": "n"}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
ANSWERS = {"/api/v1/nodes": {"kind": "NodeList", "metadata": {}, "items": [NODE]}}


def resolve():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.53", 53))
    while True:
        query, client = server.recvfrom(512)
        end = query.index(b"\0", 12) + 5
        is_a = query[end - 4:end - 2] == b"\0\1"
        answer = b"\xc0\x0c\0\1\0\1" + struct.pack(">IH", 60, 4) + b"\x7f\0\0\1" if is_a else b""
        server.sendto(query[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_a else b"\0\0") + b"\0\0\0\0" + query[12:end] + answer, client)


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        print("asked", self.path, flush=True)
        known = ANSWERS.get(self.path.split("?")[0])
        status = 200 if known else 404
        body = json.dumps(known or {"kind": "Status", "status": "Failure", "code": 404, "reason": "NotFound", "message": "the store has none"}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve_api(context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 8443), Api)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


def refuse(client, context):
    """SSLRequest, handshake, startup message, then an error of our own: it only arrives when the certificate was taken."""
    with client:
        client.recv(8)
        client.sendall(b"S")
        try:
            secured = context.wrap_socket(client, server_side=True)
            if secured.recv(1024):
                print("asked PostgreSQL", flush=True)
            fields = b"SFATAL\0VFATAL\0C28000\0Mthe store has no database\0\0"
            secured.sendall(b"E" + struct.pack(">I", len(fields) + 4) + fields)
            secured.close()
        except (ssl.SSLError, OSError):
            pass


def serve_database(context):
    server = socket.create_server(("127.0.0.1", 5432))
    while True:
        client, _ = server.accept()
        threading.Thread(target=refuse, args=(client, context), daemon=True).start()


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    for service in (resolve, lambda: serve_api(context), lambda: serve_database(context)):
        threading.Thread(target=service, daemon=True).start()
    print("listening", flush=True)
    threading.Event().wait()


main()

"""A stand-in for Azure's sign-in and one Key Vault: `azure.py PORT DIRECTORY`.

It is a proxy (HTTPS_PROXY) that ends TLS itself with a certificate made for the three hosts: DIRECTORY/ca.pem (REQUESTS_CA_BUNDLE).
A deleted secret keeps its name until it is purged, as in a vault with soft-delete, which every vault has.
"""
import base64
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

SIGN_IN, MANAGEMENT, VAULT = "login.microsoftonline.com", "management.azure.com", "my-vault.vault.azure.net"
directory = Path(sys.argv[2])
names = ",".join(f"DNS:{host}" for host in (SIGN_IN, MANAGEMENT, VAULT))
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=stand-in", "-addext", f"subjectAltName={names}",
     "-keyout", directory / "key.pem", "-out", directory / "ca.pem"],
    check=True, capture_output=True)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(directory / "ca.pem", directory / "key.pem")
secrets, deleted = {}, set()
ATTRIBUTES = {"enabled": True, "created": 1, "updated": 1, "recoveryLevel": "Recoverable"}


def token():
    part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    now = int(time.time())
    return f"{part({'alg': 'none'})}.{part({'iat': now, 'exp': now + 3600, 'oid': 'o', 'tid': 't', 'appid': 'a'})}.c2ln"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def respond(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        host, path = self.headers["host"], self.path.split("?")[0]
        if host == SIGN_IN and path.endswith("openid-configuration"):
            tenant = f"https://{SIGN_IN}/{path.split('/')[1]}"
            return self.send(200, {"issuer": f"{tenant}/v2.0", "token_endpoint": f"{tenant}/oauth2/v2.0/token",
                                   "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize"})
        if host == SIGN_IN:
            return self.send(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": token()})
        if host == MANAGEMENT:
            return self.send(200, {"value": []})
        if not self.headers.get("authorization"):
            challenge = f'Bearer authorization="https://{SIGN_IN}/11111111-1111-1111-1111-111111111111", resource="https://vault.azure.net"'
            return self.send(401, failure("Unauthorized", "no token"), challenge)
        purged = re.fullmatch(r"/deletedsecrets/([\w-]+)", path)
        if purged and self.command == "DELETE":
            deleted.discard(purged[1])
            return self.send(204, None)
        name = re.fullmatch(r"/secrets/([\w-]+)/?", path)[1]
        bundle = {"id": f"https://{VAULT}/secrets/{name}/0123456789abcdef", "attributes": ATTRIBUTES}
        if self.command == "PUT" and name in deleted:
            return self.send(409, failure("Conflict", f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be "
                                                      "reused; in this state, the secret can only be recovered or purged."))
        if self.command == "PUT":
            secrets[name] = json.loads(body)["value"]
        if name not in secrets:
            return self.send(404, failure("SecretNotFound", f"A secret with (name/id) {name} was not found in this key vault."))
        bundle["value"] = secrets[name]
        if self.command == "DELETE":
            del secrets[name]
            deleted.add(name)
            bundle |= {"recoveryId": f"https://{VAULT}/deletedsecrets/{name}", "deletedDate": 1, "scheduledPurgeDate": 2}
        self.send(200, bundle)

    do_GET = do_PUT = do_POST = do_DELETE = respond

    def send(self, code, body, challenge=None):
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if challenge:
            self.send_header("www-authenticate", challenge)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def failure(code, message):
    return {"error": {"code": code, "message": message}}


def serve(connection, address):
    with connection:
        head = b""
        while b"\r\n\r\n" not in head:
            more = connection.recv(1)
            if not more:
                return
            head += more
        connection.sendall(b"HTTP/1.1 200 connected\r\n\r\n")
        try:
            Handler(tls.wrap_socket(connection, server_side=True), address, None)
        except OSError:
            pass


server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    threading.Thread(target=serve, args=server.accept(), daemon=True).start()

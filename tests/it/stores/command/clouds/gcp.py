"""A stand-in for Google Cloud's Secret Manager: `gcp.py PORT`. gcloud is led to it by CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER."""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

versions = {}  # of each secret, in base64 as they came
LATEST, ADD = "/versions/latest:access", ":addVersion"


class Handler(BaseHTTPRequestHandler):
    def respond(self):
        body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
        url = urlsplit(self.path)
        path, query = url.path.removeprefix("/v1/"), parse_qs(url.query)
        if self.headers.get("authorization") != "Bearer a-token":
            return self.send(401, error(401, "UNAUTHENTICATED", "no token"))
        if self.command == "POST" and path.endswith("/secrets"):
            name = f"{path}/{query['secretId'][0]}"
            versions.setdefault(name, [])
            return self.send(200, {"name": name, "replication": body["replication"]})
        name = path.removesuffix(LATEST).removesuffix(ADD).removesuffix("/versions")
        if name not in versions or (path.endswith(LATEST) and not versions[name]):
            return self.send(404, error(404, "NOT_FOUND", f"Secret [{name}] not found or has no versions."))
        number = len(versions[name])
        if self.command == "POST" and path.endswith(ADD):
            versions[name].append(body["payload"]["data"])
            return self.send(200, {"name": f"{name}/versions/{number + 1}", "state": "ENABLED", "clientSpecifiedPayloadChecksum": True})
        if self.command == "GET" and path.endswith(LATEST):
            return self.send(200, {"name": f"{name}/versions/{number}", "payload": {"data": versions[name][-1]}})
        if self.command == "GET" and path.endswith("/versions"):
            return self.send(200, {"versions": [{"name": f"{name}/versions/1", "state": "ENABLED"}] if number else []})
        if self.command == "DELETE" and path == name:
            del versions[name]
            return self.send(200, {})
        self.send(400, error(400, "INVALID_ARGUMENT", self.path))

    do_GET = do_POST = do_DELETE = respond

    def send(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def error(code, status, message):
    return {"error": {"code": code, "status": status, "message": message}}


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

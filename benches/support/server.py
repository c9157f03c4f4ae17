"""A minimal Google for benchmarks, on loopback: it responds at once (or after a pause) and checks nothing.

tests/google is the strict stand-in; here only time matters, and the server takes as little as possible: one thread for all
connections, since two hundred of Python's would take longer than what is measured.
"""
import asyncio, json, ssl, subprocess, threading, time

SCOPE = "https://www.googleapis.com/auth/adwords"
TOKEN = {"access_token": "ya29.bench", "expires_in": 3599, "scope": SCOPE, "token_type": "Bearer"}


def response(path, body):
    """What Google says to a request, as bytes of HTTP."""
    if "googleAds" in path:
        said = {"results": [{"customerClient": {"id": "1234567890", "descriptiveName": "Bench", "manager": False}}]}
    elif "listAccessibleCustomers" in path:
        said = {"resourceNames": ["customers/1234567890"]}
    else:
        said = TOKEN | ({"refresh_token": "1//new"} if b"authorization_code" in body else {})
    body = json.dumps(said)
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


class Google(asyncio.Protocol):
    """One connection, which stays open for more requests."""

    def __init__(self, server):
        self.server, self.seen = server, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        start = time.perf_counter()
        self.seen += data
        while (end := self.seen.find(b"\r\n\r\n")) >= 0:
            first, *headers = self.seen[:end].decode().split("\r\n")
            named = dict(header.lower().split(": ", 1) for header in headers)
            length = end + 4 + int(named.get("content-length", 0))
            if len(self.seen) < length:
                break
            said = response(first.split()[1], self.seen[end + 4:length])
            self.seen = self.seen[length:]
            self.server.loop.call_later(self.server.pause, self.respond, said, named.get("connection") == "close")
        self.server.busy += time.perf_counter() - start

    def respond(self, said, is_last):
        self.transport.write(said)
        if is_last:
            self.transport.close()


class Server:
    def __init__(self, pause=0.0, context=None):
        self.pause, self.busy, self.loop = pause, 0.0, asyncio.new_event_loop()
        starting = self.loop.create_server(lambda: Google(self), "127.0.0.1", 0, ssl=context, backlog=256)
        self.port = self.loop.run_until_complete(starting).sockets[0].getsockname()[1]
        self.origin = f"http{'s' if context else ''}://127.0.0.1:{self.port}"
        threading.Thread(target=self.loop.run_forever, daemon=True).start()


def certificate(directory):
    """A certificate for this one run and a server context that shows it; None without the openssl command."""
    key, cert = directory / "key.pem", directory / "cert.pem"
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-addext", "basicConstraints=critical,CA:FALSE"], check=True, stderr=subprocess.DEVNULL)
    except FileNotFoundError:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context

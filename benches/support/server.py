"""A minimal Google for benchmarks, on loopback: it responds at once (or after a pause) and checks nothing.

tests/google is the strict stand-in; here only time matters, and the server takes as little as possible.
"""
import http.server, json, socketserver, ssl, subprocess, threading, time

SCOPE = "https://www.googleapis.com/auth/adwords"
TOKEN = {"access_token": "ya29.bench", "expires_in": 3599, "scope": SCOPE, "token_type": "Bearer"}


class Google(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else TLS session tickets hold the response for a delayed ACK of 40 ms, on both sides

    def do_POST(self):
        start = time.perf_counter()
        asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(self.server.pause)
        if "googleAds" in self.path:
            client = {"id": "1234567890", "descriptiveName": "Bench", "manager": False}
            response = {"results": [{"customerClient": client}]}
        else:
            response = TOKEN | ({"refresh_token": "1//new"} if b"authorization_code" in asked else {})
        self.respond(response, start)

    def do_GET(self):
        self.respond({"resourceNames": ["customers/1234567890"]}, time.perf_counter())

    def respond(self, response, start):
        body = json.dumps(response).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.server.busy += time.perf_counter() - start
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, pause=0.0, context=None):
        super().__init__(("127.0.0.1", 0), Google)
        self.pause, self.busy = pause, 0.0
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.origin = f"http{'s' if context else ''}://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


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

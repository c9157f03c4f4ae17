"""Times a whole login with a browser that responds at once, without the time of the server."""
import os, re, subprocess, time, urllib.parse, urllib.request

CLIENT = ('{"installed":{"client_id":"1-a.apps.googleusercontent.com","client_secret":"GOCSPX-bench","project_id":"bench",'
          '"auth_uri":"https://accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token",'
          '"redirect_uris":["http://localhost"]}}')


def own_time(binary, home, env, server):
    """Returns the milliseconds from the authorization response until the program has ended, without the server's own."""
    secrets, config = home / "client.json", home / "login.yaml"
    secrets.write_text(CLIENT)
    config.unlink(missing_ok=True)
    command = [binary, "login", "-c", str(secrets), "--config", str(config), "--no-browser"]
    running = subprocess.Popen(command, env=env | {"GADS_CREDS_ENDPOINT": server.origin}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    asked = next(filter(None, (re.match(r"\s*(http://\S+/o/oauth2/v2/auth\?\S+)", line) for line in running.stderr)))
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(asked.group(1)).query))
    while running.stderr.readline().find("Ctrl-C") < 0:
        pass
    response = urllib.parse.urlencode({"state": query["state"], "code": "4/0Abench", "scope": query["scope"]})
    server.busy, start = 0.0, time.perf_counter()
    browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    browser.addheaders = [("Sec-Fetch-Dest", "document")]
    page = browser.open(f"{query['redirect_uri']}?{response}", timeout=10)
    running.stderr.read()
    code = running.wait(timeout=10)
    taken = time.perf_counter() - start - server.busy
    page.close()
    if code or "1//new" not in config.read_text():
        raise SystemExit(f"the login of the benchmark ended with {code}")
    return taken * 1000

"""Secret managers for the benchmark: each in the bench's home directory, with one document that `gads-creds move` put there."""
import contextlib, os, shlex, shutil, socket, subprocess, sys, time

KEYRING = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; echo "$DBUS_SESSION_BUS_ADDRESS"; read end'
SCRIPT = 'store = "command"\nget = ["/bin/cat", "{0}"]\nset = ["/bin/dd", "of={0}", "status=none"]\n'


@contextlib.contextmanager
def server(words, address, env):
    """A server until the end of the block, once it listens."""
    process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(3000):
            with contextlib.suppress(OSError), socket.create_connection(address):
                break
            time.sleep(0.02)
        yield
    finally:
        process.kill()
        process.wait()


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()


def do(words, env, text=""):
    done = subprocess.run(words, env=env, input=text, text=True, capture_output=True, cwd=env["HOME"])
    if done.returncode:
        sys.exit(f"`{shlex.join(words)}` failed: {done.stderr}")
    return done.stdout + done.stderr


def age_key(home, env, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return do(["age-keygen", "-o", str(path)], env).split("Public key: ")[1].strip()


@contextlib.contextmanager
def cat(home, env):
    (home / "entry").write_text("{}")
    yield "command", ["cat", str(home / "entry")], {}


@contextlib.contextmanager
def age(home, env):
    key = home / ".config/age/keys.txt"
    age_key(home, env, key)
    yield f"age:{home}/work.age", ["age", "--decrypt", "--identity", str(key), f"{home}/work.age"], {}


@contextlib.contextmanager
def sops(home, env):
    recipient = age_key(home, env, home / "sops.txt")
    (home / ".sops.yaml").write_text(f"creation_rules:\n  - age: {recipient}\n")
    file = f"{home}/work.json"
    yield f"sops:{file}", ["sops", "decrypt", "--output-type", "json", file], {"SOPS_AGE_KEY_FILE": str(home / "sops.txt")}


@contextlib.contextmanager
def password_store(home, env):
    more = {"GNUPGHOME": str(home / ".gnupg"), "PASSWORD_STORE_DIR": str(home / ".password-store")}
    (home / ".gnupg").mkdir(mode=0o700)
    try:
        do(["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "Ada <ada@example.com>"], env | more)
        do(["pass", "init", "ada@example.com"], env | more)
        yield "pass:google-ads/work", ["pass", "show", "google-ads/work"], more
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=env | more)


@contextlib.contextmanager
def bao(home, env):
    host, port = free_address()
    more = {"BAO_ADDR": f"http://{host}:{port}", "BAO_TOKEN": "root"}
    words = ["bao", "server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token", f"-dev-listen-address={host}:{port}"]
    with server(words, (host, port), env):
        get = ["bao", "kv", "get", "-mount=secret", "-format=json", "-field=data", "google-ads/work"]
        yield "bao:secret/google-ads/work", get, more


@contextlib.contextmanager
def aws(home, env):
    host, port = free_address()
    more = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key",
            "AWS_DEFAULT_REGION": "eu-west-1"}
    with server(["moto_server", "-H", host, "-p", str(port)], (host, port), env):
        do(["aws", "secretsmanager", "create-secret", "--name", "work"], env | more)
        get = "aws secretsmanager get-secret-value --secret-id work --query SecretString --output text"
        yield "aws:work", get.split(), more


@contextlib.contextmanager
def keychain(home, env):
    """Read there and back by libsecret's own program, which looks up one entry; a profile has several."""
    session = subprocess.Popen(["dbus-run-session", "--", "sh", "-c", KEYRING], env=env | {"XDG_RUNTIME_DIR": str(home)}, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        more = {"DBUS_SESSION_BUS_ADDRESS": session.stdout.readline().strip()}
        get = ["secret-tool", "lookup", "service", "gads-creds", "username", "work/refresh_token"]
        yield "keychain", get, more
    finally:
        session.stdin.close()
        session.wait()


# Name, what must be installed, what sets it up, and how many pairs there are for each ten of a fast one.
ALL = [
    ("`cat` as `store = \"command\"`", ["cat"], cat, 10),
    ("`age`", ["age", "age-keygen"], age, 10),
    ("`sops` with age", ["sops", "age-keygen"], sops, 10),
    ("`pass` with gpg", ["pass", "gpg", "gpgconf"], password_store, 10),
    ("`bao`, a server on loopback", ["bao"], bao, 10),
    ("`aws`, a server on loopback", ["aws", "moto_server"], aws, 2),
    ("keychain (GNOME Keyring)", ["dbus-run-session", "gnome-keyring-daemon", "secret-tool"], keychain, 10),
]


@contextlib.contextmanager
def holding(setup, binary, home, env, text):
    """The manager with the credential of this google-ads.yaml in it: what `get` is, and the environment of both."""
    home.mkdir(parents=True)
    env = env | {"HOME": str(home)}
    with setup(home, env) as (store, get, more):
        env |= more
        file, profiles = home / "work.yaml", home / ".config/gads-creds/profiles.toml"
        profiles.parent.mkdir(parents=True, exist_ok=True)
        if store == "command":
            profiles.write_text("[profiles.work]\n" + SCRIPT.format(home / "entry"))
            do([binary, "export", "adc", str(home / "entry.json"), "--config", str(source(file, text))], env)
            shutil.copy(home / "entry.json", home / "entry")
        else:
            profiles.write_text(f'[profiles.work]\nfile = "{source(file, text)}"\n')
            do([binary, "move", "-p", "work", "--store", store], env)
        yield get, env


def source(file, text):
    file.write_text(text)
    file.chmod(0o600)
    return file

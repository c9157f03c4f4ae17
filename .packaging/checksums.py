"""Writes SHA256SUMS of the files of the current directory, as `sha256sum --check` reads it."""

import hashlib
import pathlib

files = sorted(path for path in pathlib.Path(".").iterdir() if path.is_file() and path.name != "SHA256SUMS")
lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
pathlib.Path("SHA256SUMS").write_bytes("".join(lines).encode())
print("".join(lines), end="")

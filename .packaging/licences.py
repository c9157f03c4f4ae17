"""Prints the licences of everything that is linked into the binary for a target: what MIT, BSD and ISC ask of a binary.

usage: licences.py TARGET
"""

import json
import pathlib
import subprocess
import sys

NAMES = ("license", "licence", "copying", "notice", "unlicense", "copyright")


def linked(metadata):
    """The ids of the packages that the binary is made of: dependencies that are not only for building or testing."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    reached, waiting = set(), [metadata["resolve"]["root"]]
    while waiting:
        package = waiting.pop()
        if package not in reached:
            reached.add(package)
            for dependency in nodes[package]["deps"]:
                if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                    waiting.append(dependency["pkg"])
    return reached - {metadata["resolve"]["root"]}


def texts(package):
    directory = pathlib.Path(package["manifest_path"]).parent
    files = [file for file in directory.iterdir() if file.is_file() and file.name.lower().startswith(NAMES)]
    return [file.read_text("utf-8", "replace").strip() for file in sorted(files)]


def main(target):
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    wanted = linked(metadata)
    packages = sorted((p for p in metadata["packages"] if p["id"] in wanted), key=lambda p: (p["name"], p["version"]))

    sharing = {}
    out = ["gads-creds is linked with these libraries.", ""]
    for package in packages:
        out.append(f"{package['name']} {package['version']}: {package['license'] or 'see its text'}")
        for text in texts(package):
            sharing.setdefault(text, []).append(f"{package['name']} {package['version']}")
    for text, names in sorted(sharing.items(), key=lambda item: item[1]):
        out += ["", "-" * 80, ", ".join(names), "-" * 80, "", text]
    sys.stdout.buffer.write(("\n".join(out) + "\n").encode())


main(*sys.argv[1:])

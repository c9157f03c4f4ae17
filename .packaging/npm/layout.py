"""Lays out two npm packages: `gads-creds`, a launcher, and one with the binary for a platform, which npm installs only there.

usage: layout.py TARGET BINARY DIRECTORY

A Linux binary is taken for every libc: for npm that is to be the static one.
"""

import json
import pathlib
import shutil
import sys
import tomllib

HERE = pathlib.Path(__file__).parent
SYSTEMS = {"linux": "linux", "darwin": "darwin", "windows": "win32"}
PROCESSORS = {"x86_64": "x64", "aarch64": "arm64"}


def write(directory, package, cargo):
    package["version"] = cargo["version"]
    package["license"] = cargo["license"]
    if "repository" in cargo:
        package["repository"] = "git+" + cargo["repository"] + ".git"
    directory.mkdir(parents=True)
    (directory / "package.json").write_text(json.dumps(package, indent=2) + "\n")
    for file in HERE.parents[1].glob("LICENSE-*"):
        shutil.copy(file, directory)


def main(target, binary, directory):
    cargo = tomllib.loads((HERE.parents[1] / "Cargo.toml").read_text())["package"]
    directory, binary = pathlib.Path(directory), pathlib.Path(binary)
    shutil.rmtree(directory, ignore_errors=True)

    system = next(npm for rust, npm in SYSTEMS.items() if rust in target)
    processor = PROCESSORS[target.split("-")[0]]
    platform = f"gads-creds-{system}-{processor}"
    write(
        directory / platform,
        {
            "name": platform,
            "description": f"The gads-creds program for {system} on {processor}",
            "os": [system],
            "cpu": [processor],
            "preferUnplugged": True,
        },
        cargo,
    )
    (directory / platform / "bin").mkdir()
    shutil.copy(binary, directory / platform / "bin" / binary.name)

    every = [f"gads-creds-{system}-{processor}" for system in SYSTEMS.values() for processor in PROCESSORS.values()]
    write(
        directory / "gads-creds",
        {
            "name": "gads-creds",
            "description": cargo["description"],
            "keywords": cargo["keywords"],
            "bin": {"gads-creds": "launch.js"},
            "engines": {"node": ">=18"},
            "optionalDependencies": {name: cargo["version"] for name in every},
        },
        cargo,
    )
    shutil.copy(HERE / "launch.js", directory / "gads-creds")
    shutil.copy(HERE.parents[1] / "README.md", directory / "gads-creds")


main(*sys.argv[1:])

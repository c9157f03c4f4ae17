#!/usr/bin/env python3
"""1Password's command line, as far as its manual describes `op document`: it takes the arguments that are written there and no other.

https://developer.1password.com/docs/cli/reference/management-commands/document/ The entries are files in the directory OP_DIRECTORY.
"""
import argparse
import os
import sys
from pathlib import Path


class Parser(argparse.ArgumentParser):
    def __init__(self, **options):
        super().__init__(allow_abbrev=False, **options)

    def error(self, message):
        fail(message)


def fail(message):
    sys.exit(f"[ERROR] 2026/11/26 08:00:00 {message}")


os.umask(0o077)
program = Parser(prog="op")
program.add_argument("--version", action="version", version="2.31.1")
commands = program.add_subparsers(required=True)
verbs = commands.add_parser("document").add_subparsers(dest="verb", required=True)
options = {
    "create": ["--file-name", "--tags", "--title", "--vault"],
    "get": ["--file-mode", "--out-file", "--vault"],
    "edit": ["--file-name", "--tags", "--title", "--vault"],
    "delete": ["--vault"],
}
switches = {"get": ["--force", "--include-archive"], "delete": ["--archive"]}
for verb, names in options.items():
    command = verbs.add_parser(verb)
    if verb != "create":
        command.add_argument("item")
    if verb in ("create", "edit"):
        command.add_argument("file", nargs="?")
    for name in names + ["--account", "--session", "--encoding", "--format", "--config"]:
        command.add_argument(name)
    for name in switches.get(verb, []) + ["--cache", "--debug", "--iso-timestamps", "--no-color"]:
        command.add_argument(name, action="store_true")
args = program.parse_args()
if args.vault != "Team":
    fail(f'"{args.vault}" isn\'t a vault in this account. Specify the vault with its ID or name.')
entry = Path(os.environ["OP_DIRECTORY"]) / (args.title if args.verb == "create" else args.item)
if args.verb != "create" and not entry.exists():
    fail(f'"{entry.name}" isn\'t an item in the "Team" vault. Specify the item with its UUID, name, or domain.')
if args.verb == "get":
    sys.stdout.buffer.write(entry.read_bytes())
elif args.verb == "delete":
    entry.unlink()
elif args.file != "-":
    fail("no file")
else:
    entry.write_bytes(sys.stdin.buffer.read())

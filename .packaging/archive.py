"""Packs a directory: .tar.gz, or .zip for Windows. Owner, order and times are fixed, so that the same content is the same archive.

usage: archive.py DIRECTORY DIST
"""

import gzip
import os
import pathlib
import sys
import tarfile
import zipfile

# The time of the commit, if the caller knows it.
TIME = int(os.environ.get("SOURCE_DATE_EPOCH", "946684800"))


def main(directory, dist):
    directory = pathlib.Path(directory)
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    if "windows" in directory.name:
        with zipfile.ZipFile(pathlib.Path(dist, directory.name + ".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                info = zipfile.ZipInfo(str(path.relative_to(directory.parent).as_posix()))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
        return
    # gzip would note name and time of the file in its header.
    with open(pathlib.Path(dist, directory.name + ".tar.gz"), "wb") as file:
        with gzip.GzipFile("", "wb", 9, file, TIME) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
            for path in files:
                info = archive.gettarinfo(path, str(path.relative_to(directory.parent).as_posix()))
                info.uid = info.gid = 0
                info.uname = info.gname = "root"
                info.mtime = TIME
                info.mode = 0o755 if path.parent == directory and path.name == "gads-creds" else 0o644
                with open(path, "rb") as content:
                    archive.addfile(info, content)


main(*sys.argv[1:])

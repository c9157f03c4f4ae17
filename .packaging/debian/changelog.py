"""Prints CHANGELOG.md as a Debian changelog: versions, and the time in the heading (or SOURCE_DATE_EPOCH, or now)."""

import email.utils
import os
import pathlib
import re
import time
import tomllib

ROOT = pathlib.Path(__file__).parents[2]
package = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
maintainer = package["metadata"]["deb"]["maintainer"]
revision = package["metadata"]["deb"]["revision"]

for part in re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.M)[1:]:
    heading, _, body = part.partition("\n")
    version, date = re.match(r"\[(.+?)\](?: - (\S+))?", heading).groups()
    moment = float(os.environ.get("SOURCE_DATE_EPOCH", time.time()))
    if date:
        moment = time.mktime(time.strptime(date, "%Y-%m-%d"))
    version = package["version"] if version == "Unreleased" else version
    print(f"gads-creds ({version}-{revision}) unstable; urgency=medium\n")
    for line in re.sub(r"\n  (?=\S)", " ", body).splitlines():
        if line.startswith("- "):
            words, rows = line[2:].replace("`", "").split(), [""]
            for word in words:
                if len(rows[-1]) + len(word) > 72:
                    rows.append("")
                rows[-1] += (" " if rows[-1] else "") + word
            print("  * " + "\n    ".join(rows))
    print(f"\n -- {maintainer}  {email.utils.formatdate(moment)}\n")

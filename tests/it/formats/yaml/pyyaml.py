"""Checks YAML edits as Google's Python library would see them: jobs as JSON on stdin, one complaint or null each on stdout.

A job is `{"kind": "edit", "old", "new", "set", "gone"}`: the mapping of `new` is that of `old`, but for these keys; or
`{"kind": "read", "text", "fields"}`: the fields are what the library would use; or `{"kind": "load", "text"}`: the library
takes the file. `"unread"` stands for an old text that PyYAML itself rejects.
"""

import importlib.util
import json
import os
import re
import sys

import yaml


def library():
    """google-ads' config.py alone: the package around it takes seconds to import."""
    package = importlib.util.find_spec("google")
    for place in package.submodule_search_locations if package else []:
        path = os.path.join(place, "ads", "googleads", "config.py")
        if os.path.exists(path):
            spec = importlib.util.spec_from_file_location("config", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    return None


def mapping(text, loader=yaml.SafeLoader):
    found = yaml.load(text.encode(), loader) or {}
    if not isinstance(found, dict):
        raise TypeError("no mapping")
    return found


def edit(job):
    loader = yaml.SafeLoader
    try:
        expected = mapping(job["old"])
    except Exception:
        # Tabs between the tokens are rejected by PyYAML's own scanner and passed over by libyaml: ask that one.
        loader = getattr(yaml, "CSafeLoader", loader)
        try:
            expected = mapping(job["old"], loader)
        except Exception:
            return "unread"
    for key in job["gone"]:
        expected.pop(key, None)
    expected.update(job["set"])
    try:
        found = mapping(job["new"], loader)
    except Exception as error:
        return f"PyYAML cannot read the result: {error}"
    if spelled(found) != spelled(expected):
        return "PyYAML reads another mapping than was meant"
    return None


def spelled(entries):
    """The mapping as text, types and sharing included, where repr() would unfold what a bomb has folded."""
    return yaml.dump(dict(sorted(entries.items(), key=lambda entry: repr(entry[0]))))


def read(job):
    try:
        found = mapping(job["text"])
    except Exception:
        return "unread"
    for key, ours in job["fields"].items():
        theirs = found.get(key)
        if key.endswith("_customer_id"):
            usable = str(theirs) if re.fullmatch(r"[0-9]{10}", str(theirs)) else None
        elif isinstance(theirs, str):
            usable = None if theirs == "" or re.fullmatch(r"INSERT_[A-Z0-9_]+", theirs) else theirs
        elif type(theirs) is int and ours == str(theirs) and key != "developer_token":
            usable = ours
        else:
            usable = None
        if ours != usable:
            return f"{key}: read {ours!r}, the library has {theirs!r}"
    return None


def load(job):
    config = library()
    if config is None:
        return "no google-ads"
    try:
        config.parse_yaml_document_to_dict(job["text"].encode())
    except Exception as error:
        return f"google-ads rejects: {error}"
    return None


print(json.dumps([{"edit": edit, "read": read, "load": load}[job["kind"]](job) for job in json.load(sys.stdin)]))

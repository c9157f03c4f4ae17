"""Times two commands in turn (A B A B …, after a warm-up), so that a busy machine slows both alike."""
import re, shutil, statistics, subprocess, sys, tempfile, time


def run(command, env):
    """Milliseconds of one run. A command that fails ends everything: a failure has no time."""
    start = time.perf_counter()
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    taken = (time.perf_counter() - start) * 1000
    if done.returncode:
        sys.exit(f"`{' '.join(map(str, command))}` failed: {done.stderr.decode(errors='replace')}")
    return taken


def pairs(count, ours, theirs, env, before=lambda: None):
    """`count` pairs of milliseconds; `before` makes ready for each run of ours."""
    def pair():
        before()
        return run(ours, env), run(theirs, env)
    for _ in range(2):
        pair()
    return [pair() for _ in range(count)]


def ratio(measured):
    """Both medians, and the least, middle and largest ratio of a pair."""
    ratios = [ours / theirs for ours, theirs in measured]
    ours, theirs = (statistics.median(side) for side in zip(*measured))
    return ours, theirs, min(ratios), statistics.median(ratios), max(ratios)


def difference(measured):
    """Both medians, and the median of what ours takes longer in a pair."""
    ours, theirs = (statistics.median(side) for side in zip(*measured))
    return ours, theirs, statistics.median(ours - theirs for ours, theirs in measured)


def peak(command, env):
    """The largest memory in MB that a command held, as GNU time reports it; None without that program.

    Not `wait4` from here: Linux counts what this interpreter held before it became the command.
    """
    clock = shutil.which("time")
    if not clock:
        return None
    with tempfile.NamedTemporaryFile("r") as report:
        run([clock, "-f", "%M", "-o", report.name, *command], env)
        return int(report.read().split()[-1]) * 1024 / 1e6


def version(command):
    if not shutil.which(command[0]):
        return f"no {command[0]}"
    text = subprocess.run(command, capture_output=True, text=True).stdout
    found = re.search(r"\d+(\.\d+)+", text)
    return f"{command[0].rsplit('/', 1)[-1]} {found.group() if found else '?'}"

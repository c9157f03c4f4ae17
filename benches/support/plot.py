"""Growth as a small picture: time by size of file, both axes by powers, so that a straight line of slope one is linear growth."""
import math

WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 720, 320, 80, 38, 240, 44
STYLE = """text { font: 12px system-ui, sans-serif; fill: #1f2328 } .grid { stroke: #d1d9e0 } .title { font-weight: 600 }
.line { fill: none; stroke-width: 2.5 } .a { stroke: #0969da; fill: #0969da } .b { stroke: #bc4c00; fill: #bc4c00 }
text.a, text.b { stroke: none } path.a, path.b { fill: none }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .grid { stroke: #3d444d } .a { stroke: #58a6ff; fill: #58a6ff }
.b { stroke: #f0883e; fill: #f0883e } text.a, text.b { stroke: none } path.a, path.b { fill: none } }"""


def svg(title, sizes, lines):
    """`sizes` in KiB; `lines` is two pairs of a name and its milliseconds, one per size."""
    every = [value for _, values in lines for value in values]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))
    width, height = WIDE - LEFT - RIGHT, HIGH - TOP - BOTTOM
    first, last = math.log2(sizes[0]), math.log2(sizes[-1])
    x = lambda size: LEFT + width * (math.log2(size) - first) / (last - first)
    y = lambda value: TOP + height * (high - math.log10(value)) / (high - low)
    parts = [f'<text class="title" x="{LEFT}" y="20">{title}</text>']
    for power in range(low, high + 1):
        at = y(10.0 ** power)
        parts += [f'<path class="grid" d="M{LEFT} {at:.1f}h{width}"/>',
                  f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0 ** power:g} ms</text>']
    for size in sizes:
        name = f"{size} KiB" if size < 1024 else f"{size // 1024} MiB"
        parts.append(f'<text x="{x(size):.1f}" y="{HIGH - BOTTOM + 20}" text-anchor="middle">{name}</text>')
    for mark, (name, values) in zip("ab", lines):
        points = [(x(size), y(value)) for size, value in zip(sizes, values)]
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        parts.append(f'<path class="line {mark}" d="M{path}"/>')
        parts += [f'<circle class="{mark}" cx="{a:.1f}" cy="{b:.1f}" r="3.5"/>' for a, b in points]
        parts.append(f'<text class="{mark}" x="{points[-1][0] + 10:.1f}" y="{points[-1][1] + 4:.1f}">{name}</text>')
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" height="{HIGH}" role="img" '
            f'aria-label="{title}">\n<style>{STYLE}</style>\n{body}\n</svg>\n')

#!/usr/bin/env python3
"""Makes of the lines that benchmarks print (tests/bench/result.h) what people read.

usage: report.py RESULTS DIR

RESULTS has a JSON object a line. Writes DIR/BENCHMARKS.md, and DIR/benchmarks/ with results.json
and a plot for each case that was measured with several numbers of clients.
"""
import html
import json
import math
import os
import platform
import statistics
import sys
from pathlib import Path

GATE = "port 443 of a stranger, dropped"
PASSED = "a signed-in client's packet, passed"

METHOD = """
Everything runs on one machine, side by side: in each round every subject is measured once, one after the
other, so that what disturbs the machine disturbs all alike. A figure is the median of the rounds; in
parentheses the spread, half of what lies between the quartiles. Clients are distinct MAC addresses, drawn at
random for each frame.

* *One program* is `BPF_PROG_TEST_RUN`: the kernel repeats a program on a frame and takes the time. A
  small program before it draws the client; it is part of every figure, the empty program's too. The caches are
  as warm as a loop keeps them.
* *Gate* is frames of 64 bytes, made in the kernel (`BPF_F_TEST_XDP_LIVE_FRAMES`), sent over a veth pair between
  network namespaces and dropped at its other end, all on one CPU. The empty program's figure is nearly all
  making and sending; *net* is what is above it.
* xdp-portal's dataplane is loaded and attached as portald does it. As many clients are signed in, or in the sets
  and rules, as there are strangers; none of the frames is theirs.
* nftables has one set of MAC addresses and one rule, in prerouting before connection tracking. The rules of
  openNDS are those that its version 9.10 leaves in the kernel, generated for so many clients.
* xdp-filter holds 10,000 addresses at most; larger sets and rulesets take nftables and iptables minutes to load,
  and are left out.

Not measured here, but with openNDS 9.10 of Debian on such a machine earlier: it answers 33 redirects a second
(29.7 ms of CPU each); `ndsctl auth` takes 0.45 s, and 2.6 s with 900 clients.

Limits: veth pairs are no network card, and a loop is no venue: figures are for comparing with each other, not for
a data sheet. `scripts/bench` repeats all of it.
"""


def machine():
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "kernel": platform.release(),
        "cpu": model,
        "cpus": os.cpu_count(),
    }


class Results:
    """The samples, by case, subject and number of clients."""

    def __init__(self, lines):
        self.rows = [json.loads(line) for line in lines if line.strip()]

    def cases(self):
        return list(dict.fromkeys((row["group"], row["case"], row["unit"]) for row in self.rows))

    def of(self, group, case):
        return [row for row in self.rows if row["group"] == group and row["case"] == case]

    def median(self, group, case, subject, clients):
        for row in self.of(group, case):
            if row["subject"] == subject and row["clients"] == clients:
                return statistics.median(row["samples"])
        raise KeyError(f"{group}: {case}: {subject}: {clients}")


def spread(samples):
    if len(samples) < 3:
        return (max(samples) - min(samples)) / 2
    low, _, high = statistics.quantiles(samples, n=4)
    return (high - low) / 2


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def figure(row):
    return f"{number(statistics.median(row['samples']))} (±{number(spread(row['samples']))})"


def clients_of(rows):
    return sorted({row["clients"] for row in rows if row["clients"] is not None})


def table(rows):
    """Subjects down, numbers of clients across."""
    columns = clients_of(rows)
    if not columns:
        lines = ["| | |", "|---|---:|"]
        return lines + [f"| {row['subject']} | {figure(row)} |" for row in rows]
    lines = ["| clients | " + " | ".join(f"{n:,}" for n in columns) + " |"]
    lines.append("|---|" + "---:|" * len(columns))
    for subject in dict.fromkeys(row["subject"] for row in rows):
        cells = {row["clients"]: figure(row) for row in rows if row["subject"] == subject}
        lines.append(f"| {subject} | " + " | ".join(cells.get(n, "") for n in columns) + " |")
    return lines


def net(results, subject, clients):
    floor = results.median("gate", GATE, "empty program", clients)
    return results.median("gate", GATE, subject, clients) - floor


def growth(results, subject):
    return (results.median("one program", PASSED, subject, 1_000_000)
            - results.median("one program", PASSED, subject, 1_000))


def comparisons(results):
    """What is compared, the figure, and what it should be at most or at least."""
    one = results.median
    ours = "xdp-portal"
    hot = one("one program", PASSED, "xdp-portal, with a rate", 1)
    hot -= one("one program", PASSED, "empty program", 1)
    many = one("one program", PASSED, "xdp-portal, with a rate", 64_000)
    gross = one("gate", GATE, ours, 1_000)
    return [
        ("port 443 of a stranger dropped, net, as a multiple of xdp-filter's",
         f"{net(results, ours, 1_000) / net(results, 'xdp-filter, by MAC', 1_000):.2f}",
         "at most 1.5"),
        ("the same with 1,000 prefixes in the walled garden",
         f"{net(results, 'xdp-portal, 1,000 garden prefixes', 1_000) / net(results, 'xdp-filter, by MAC', 1_000):.2f}",
         "at most 2.5"),
        ("net, as a part of an nftables drop's",
         f"{100 * net(results, ours, 1_000) / net(results, 'nftables, a set of MACs', 1_000):.0f} %",
         "at most 40 %"),
        ("packets for one that openNDS's rules for 1,000 clients refuse",
         f"{one('gate', GATE, 'rules of openNDS', 1_000) / gross:.0f}", "at least 40"),
        ("a signed-in client's packet passed, counted and policed, above the empty program",
         f"{hot:.0f} ns", "at most 25 ns"),
        ("the same of 64,000 clients at random, as a multiple of a bare hash lookup",
         f"{many / one('one program', PASSED, 'bare hash lookup', 64_000):.2f}", "at most 1.5"),
        ("what 1,000,000 clients add to the cost at 1,000, as a multiple of what they add to a bare lookup",
         f"{growth(results, ours) / growth(results, 'bare hash lookup'):.2f}", "at most 1"),
    ]


PALETTE = ["#4363d8", "#e6194b", "#3cb44b", "#f58231", "#911eb4", "#46807f", "#9a6324"]


def plot(rows, title, unit):
    """A log-log chart of medians over clients, as SVG that reads on light and dark."""
    width, height, left, right, top, bottom = 760, 400, 70, 240, 40, 50
    columns = clients_of(rows)
    medians = [statistics.median(row["samples"]) for row in rows]
    low = math.floor(math.log10(min(medians)))
    high = math.ceil(math.log10(max(medians)))

    def x(clients):
        span = math.log10(columns[-1]) - math.log10(columns[0])
        part = (math.log10(clients) - math.log10(columns[0])) / span
        return left + part * (width - left - right)

    def y(value):
        return height - bottom - (math.log10(value) - low) / (high - low) * (height - top - bottom)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           f'<text x="{left}" y="20" font-size="14">{html.escape(title)}, {html.escape(unit)}</text>']
    for power in range(low, high + 1):
        line = y(10 ** power)
        out.append(f'<path d="M{left} {line:.1f}H{width - right}" stroke="#ccc"/>'
                   f'<text x="{left - 8}" y="{line + 4:.1f}" text-anchor="end">{10 ** power:,}</text>')
    for clients in columns:
        out.append(f'<text x="{x(clients):.1f}" y="{height - bottom + 20}" '
                   f'text-anchor="middle">{clients:,}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 10}" '
               'text-anchor="middle">clients</text>')
    for at, subject in enumerate(dict.fromkeys(row["subject"] for row in rows)):
        colour = PALETTE[at % len(PALETTE)]
        points = sorted((row["clients"], statistics.median(row["samples"]))
                        for row in rows if row["subject"] == subject)
        path = " ".join(f"{x(clients):.1f},{y(value):.1f}" for clients, value in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x(clients):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>'
                for clients, value in points]
        label = top + 10 + 18 * at
        out.append(f'<rect x="{width - right + 16}" y="{label - 9}" width="10" height="10" '
                   f'fill="{colour}"/><text x="{width - right + 32}" y="{label}">'
                   f'{html.escape(subject)}</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"


def file_name(group, case):
    words = "".join(c if c.isalnum() else " " for c in f"{group} {case}".lower()).split()
    return "-".join(words) + ".svg"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    results = Results(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    folder = Path(sys.argv[2])
    (folder / "benchmarks").mkdir(parents=True, exist_ok=True)
    here = machine()
    (folder / "benchmarks" / "results.json").write_text(
        json.dumps({"machine": here, "results": results.rows}, indent=1) + "\n", encoding="utf-8")

    text = ["# Benchmarks", "",
            "Made by `scripts/bench --output docs`; not to be edited by hand.", "",
            f"Linux {here['kernel']}, {here['cpus']} CPUs, {here['cpu']}.", "",
            "| | measured | aim |", "|---|---:|---|"]
    text += [f"| {what} | {value} | {aim} |" for what, value, aim in comparisons(results)]
    for group, case, unit in results.cases():
        rows = results.of(group, case)
        text += ["", f"## {group[0].upper() + group[1:]}: {case}", "", f"In {unit}.", ""]
        text += table(rows)
        if len(clients_of(rows)) > 1:
            name = file_name(group, case)
            (folder / "benchmarks" / name).write_text(plot(rows, case, unit), encoding="utf-8")
            text += ["", f"![{case}](benchmarks/{name})"]
    text += ["", "## Method", METHOD.strip(), ""]
    (folder / "BENCHMARKS.md").write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()

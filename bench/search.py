#!/usr/bin/env python3
"""Asks the mix of questions (mix.py) and prints what came out; bench/search.sh runs it.

    search.py ask URL VALUES OUT [ROUNDS]       ask a server over one kept-alive connection
    search.py peer DATABASE VALUES OUT [ROUNDS] ask the peer (peer.py)
    search.py report NAME=OUT [NAME=OUT ...]    OUT+OUT sets a peer's beside the server's

No question is asked twice: each round takes other values, and a parameter that means nothing makes
every request a new one. A round before the first warms up, with values of its own.
"""

import itertools
import json
import pathlib
import sys
from statistics import median

from asking import Connection, load, reason, target, total
from mix import MIX, Picker
from peer import Peer


KINDS = ("plain", "facets")


class Server:
    serial = itertools.count()

    def __init__(self, url):
        self.connection = Connection(url)

    def ask(self, question, facets):
        parameters = dict(question[0], serial=next(self.serial))
        parameters["disable-facets"] = "false" if facets else "true"
        status, body, spent = self.connection.ask(target(parameters))
        if status != 200:
            return f"{status} {reason(body)}", spent
        return total(body), spent


def ask_all(asked, values, out, rounds):
    results = []
    for name, make in MIX:
        row = {"name": name, "hits": [], "plain": [], "facets": [], "failed": []}
        for facets, turn in itertools.product((False, True), range(-1, rounds)):
            pick = Picker(values, max(turn, 0), rounds, warming=turn < 0)
            hits, spent = asked.ask(make(pick), facets)
            if isinstance(hits, str):
                row["failed"].append(hits)
            elif turn >= 0:
                row["facets" if facets else "plain"].append(spent / 1e6)
                if not facets:
                    row["hits"].append(hits)
        results.append(row)
    pathlib.Path(out).write_text(json.dumps(results), encoding="utf-8")


def figures(times):
    return f"{median(times):9.2f} {max(times):9.2f}" if times else f"{'-':>9} {'-':>9}"


def span(numbers):
    if not numbers:
        return "-"
    least, most = min(numbers), max(numbers)
    return str(least) if least == most else f"{least}-{most}"


def summary(rows, kind):
    """Median of the questions' medians, and the worst of all answers."""
    medians = [median(row[kind]) for row in rows if row[kind]]
    worst = [max(row[kind]) for row in rows if row[kind]]
    return [median(medians), max(worst)] if medians else []


def print_row(name, hits, kinds, show):
    """kinds: for without and with facets, the server's times and the peer's or None."""
    print(f"{name:25} {hits:>16}", end="")
    for ours, _ in kinds:
        print(f" {show(ours)}", end="")
    for ours, theirs in kinds:
        if theirs is not None:
            ratio = f"{median(theirs) / median(ours):8.1f}" if ours and theirs else f"{'-':>8}"
            print(f" {show(theirs)} {ratio}", end="")
    print()


def print_table(name, rows, peers):
    head = f"{name:25} {'hits':>16} {'p50':>9} {'worst':>9} {'facets':>9} {'worst':>9}"
    if peers:
        head += f" {'peer p50':>9} {'worst':>9} {'ratio':>8} {'facets':>9} {'worst':>9} {'ratio':>8}"
    print(head)
    for number, row in enumerate(rows):
        peer = peers[number] if peers else {}
        print_row(f"{number + 1:2} {row['name']}", span(row["hits"]),
                  [(row[kind], peer.get(kind)) for kind in KINDS], figures)
        if peer and row["hits"] and row["hits"] != peer["hits"]:
            print(f"{'':28}the peer has {span(peer['hits'])} hits")
        for failure in sorted(set(row["failed"])):
            print(f"{'':28}{failure}")
    for at, label in enumerate(("median of the p50", "worst")):
        print_row(label, "", [(summary(rows, kind)[at:at + 1],
                               summary(peers, kind)[at:at + 1] if peers else None)
                              for kind in KINDS],
                  lambda one: f"{one[0]:9.2f} {'':9}" if one else f"{'-':>9} {'':9}")
    print()


def print_growth(tables):
    (first, small), (last, large) = tables[0], tables[-1]
    print(f"growth of p50 from {first} to {last}: without facets, with facets")
    for number, (a, b) in enumerate(zip(small, large)):
        cells = [f"{median(b[kind]) / median(a[kind]):8.2f}" if a[kind] and b[kind] else
                 f"{'-':>8}" for kind in KINDS]
        print(f"{number + 1:2} {a['name']:25} {' '.join(cells)}")
    print()


def report(arguments):
    tables = []
    for argument in arguments:
        name, files = argument.split("=", 1)
        rows, *peers = [load(file) for file in files.split("+")]
        print_table(name, rows, peers[0] if peers else None)
        tables.append((name, rows))
    if len(tables) > 1:
        print_growth(tables)


def main():
    command, *rest = sys.argv[1:] or ("",)
    if command in ("ask", "peer") and len(rest) in (3, 4):
        asked = Server(rest[0]) if command == "ask" else Peer(rest[0])
        ask_all(asked, load(rest[1]), rest[2], int(rest[3]) if len(rest) > 3 else 8)
    elif command == "report" and rest:
        report(rest)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Asks a running server random queries and holds its answers against the naive evaluator's.

    run.py --server http://127.0.0.1:8065 --records records.jsonl [--queries 10000] [--seed 1]

The records are what `doihound export` wrote of the store that the server serves. Every difference is cut down to
the smallest query that still shows it, and told with the DOIs that only one side found.
"""

import argparse
import datetime
import http.client
import json
import random
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from naive import facets, fields  # noqa: E402
from naive.language import BadQuery  # noqa: E402
from naive.score import Scorer, summands  # noqa: E402
from naive.search import Searcher, Undecided  # noqa: E402
from queries import Maker, shrink  # noqa: E402


def read_records(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


class Server:
    """One kept connection."""

    def __init__(self, base):
        parts = urlsplit(base)
        self.host, self.port, self.connection = parts.hostname, parts.port, None

    def get(self, target):
        for _ in range(2):
            try:
                self.connection = self.connection or http.client.HTTPConnection(self.host, self.port, timeout=60)
                self.connection.request("GET", target)
                answer = self.connection.getresponse()
                return answer.status, json.loads(answer.read() or b"null")
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.connection = None
        raise AssertionError(f"no answer to {target}")

    def all_of(self, kind):
        """All resources of a list."""
        found, page = [], 1
        while True:
            body = self.get(f"/{kind}?page[size]=1000&page[number]={page}")[1]
            found += body["data"]
            if len(found) >= body["meta"]["total"] or not body["data"]:
                return found
            page += 1

    def hits(self, query, more=""):
        """DOIs in the order of the answers and the meta of the first page; the status when it is not 200."""
        found, page, meta = [], 1, None
        while True:
            status, body = self.get(f"/dois?query={quote(query, safe='')}&page[size]=1000&page[number]={page}"
                                    f"&fields[dois]=doi{more or '&disable-facets=true'}")
            if status != 200:
                return status, body
            meta = meta or body["meta"]
            found += [one["id"] for one in body["data"]]
            if len(found) >= body["meta"]["total"] or not body["data"]:
                return found, meta
            page += 1


class Check:
    """Compares one query; what differs is a text, None when nothing does."""

    def __init__(self, server, searcher):
        self.server, self.searcher, self.scorer = server, searcher, Scorer(searcher)
        self.year = datetime.datetime.now(datetime.timezone.utc).year
        self.undecided = self.bad = self.empty = self.asked = 0

    def expected(self, query):
        try:
            return self.searcher.search(query)
        except BadQuery as error:
            return error

    def pages(self, query, size, by_cursor):
        """What differs between one long list and the same in short pages."""
        whole, _ = self.server.hits(query)
        target = f"/dois?query={quote(query, safe='')}&page[size]={size}&fields[dois]=doi&disable-facets=true"
        target += "&page[cursor]=1" if by_cursor else ""
        found, pages = [], 0
        while target and pages <= len(whole) // size + 2:
            _, body = self.server.get(target)
            found += [one["id"] for one in body["data"]]
            following = body["links"].get("next")
            target, pages = following and "/dois?" + following.split("?", 1)[1], pages + 1
        if by_cursor:
            created = {self.searcher.dois[i]: self.searcher.records[i]["attributes"].get("created") or "9"
                       for i in self.searcher.visible}
            whole = sorted(whole, key=lambda doi: (created[doi][:19], doi))
        return None if found == whole else f"{len(whole)} in one page, {len(found)} in pages of {size} ({by_cursor=})"

    def difference(self, query, filters=(), named=(), paged=False):
        """named: facets to compare as well; paged: whether short pages are asked for too, without filters."""
        try:
            wanted = self.expected(query)
        except Undecided:
            self.undecided += 1
            return None
        self.asked += 1
        more = "".join(f"&{name}={quote(value, safe='')}" for name, value in filters)
        if named:
            more += "&facets=" + ",".join(named)
        found, meta = self.server.hits(query, more)
        if isinstance(wanted, BadQuery):
            self.bad += 1
            return None if found == 400 else f"expected 400 ({wanted}), got {found if meta is None else len(found)}"
        if isinstance(found, int):
            return f"expected {len(wanted)} hits, got {found} {json.dumps(meta)[:300]}"
        hits = [i for i in wanted if all(facets.FILTERS[name](self.searcher.records[i], value)
                                         for name, value in filters if name != "sort")]
        self.empty += not hits
        return (self.compare(hits, found, meta) or self.compare_facets(hits, meta, named)
                or (self.pages(query, min(999, max(7, len(hits) // 4)), False) if paged else None)
                or (self.pages(query, min(999, max(7, len(hits) // 4)), True) if paged else None)
                or (self.compare_order(query, frozenset(hits), found)
                    if query.strip() and ("sort", "relevance") in filters else None))

    def compare(self, hits, found, meta):
        wanted = {self.searcher.dois[i] for i in hits}
        if wanted == set(found) and len(found) == len(wanted) == meta["total"]:
            return None
        return (f"naive {len(wanted)}, server {len(found)} (total {meta['total']}); only naive: "
                f"{sorted(wanted - set(found))[:5]}; only server: {sorted(set(found) - wanted)[:5]}")

    def compare_order(self, query, hits, found):
        """Scores must fall; where they are equal, DOIs must rise."""
        self.scorer.unsure = False
        tree = self.searcher.tree(query)
        scores, exact = self.scorer.scores(tree, hits), summands(tree) < 3
        if self.scorer.unsure:
            return None
        named = {self.searcher.dois[i]: scores[i] for i in hits}
        for before, after in zip(found, found[1:]):
            high, low = named[before], named[after]
            misplaced = low - high > 1e-5 * max(1, abs(low))
            if misplaced or (exact and low == high and after < before):
                return f"order: {before} ({high:.7g}) stands before {after} ({low:.7g})"
        return None

    def compare_facets(self, hits, meta, named):
        records = [self.searcher.records[i] for i in hits]
        if not records:
            return None
        for name in named:
            wanted, shown = facets.count(records, name, self.year), facets.shown(meta, name)
            if wanted != shown:
                return f"facet {name}: naive {wanted}, server {shown}"
        return None


def searcher_of(server, path):
    """The records of a file, with the accounts that the server knows."""
    records = read_records(path)
    fields.attach(records, server.all_of("clients") + server.all_of("providers"))
    return Searcher(records)


def some_filters(rng, searcher):
    record = rng.choice(searcher.records)
    attributes = record["attributes"]
    rights = facets.TERMS["licenses"][0](record)
    subjects = [s for s in facets.TERMS["subjects"][0](record) if s.strip() and "," not in s]
    choices = [("prefix", attributes["prefix"]), ("published", str(attributes.get("publicationYear") or 2015)),
               ("created", (attributes.get("created") or "2015")[:4] + ",2020"),
               ("has-views", str(rng.randint(0, 50))), ("has-citations", str(rng.randint(0, 3)))]
    choices += [("license", rights[0])] if rights else []
    choices += [("subject", subjects[0])] if subjects else []
    choices += [("resource-type-id", kind) for kind in facets._whole("@resource_type_id")(record)]
    choices += [("client-id", fields.account(record, "client"))]
    return tuple(rng.sample(choices, rng.randint(1, 2)))


def run(server, searcher, queries, seed, tell=print, limit=20, order=20):
    """Asks queries; returns the differences found as texts. `order`: how many in a hundred are ranked."""
    rng = random.Random(seed)
    maker, check, found, seen = Maker(searcher.records, rng), Check(server, searcher), [], set()
    for _ in range(queries):
        query = maker.query()
        filters = some_filters(rng, searcher) if rng.random() < 0.12 else ()
        named = tuple(rng.sample(facets.NAMES, 4)) if rng.random() < 0.15 else ()
        if rng.random() * 100 < order:
            filters += (("sort", "relevance"),)
        more = (filters, named, rng.random() < 0.04)
        if check.difference(query.text(), *more) is None:
            continue
        least = shrink(query, lambda q: check.difference(q.text(), *more) is not None)
        told = f"{least.text()!r} {dict(filters) if filters else ''}: {check.difference(least.text(), *more)}"
        if told not in seen:
            seen.add(told)
            found.append(told)
            tell(told)
        if len(found) >= limit:
            break
    tell(f"{check.asked} asked, {check.bad} refused, {check.empty} without hits, {check.undecided} not decided")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("--records", required=True)
    parser.add_argument("--queries", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=20, help="stop after so many differences")
    parser.add_argument("--order", type=int, default=20, help="percentage of queries of which the order is checked")
    options = parser.parse_args()
    begun = time.monotonic()
    server = Server(options.server)
    found = run(server, searcher_of(server, options.records), options.queries, options.seed,
                limit=options.limit, order=options.order)
    print(f"{options.queries} queries, {len(found)} differences, {time.monotonic() - begun:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

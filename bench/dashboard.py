#!/usr/bin/env python3
"""What a dashboard asks: counts over time of all records of a repository.

dashboard.py series               records from standard input, with series that their counts add up to
dashboard.py ask BASE PID CLIENT N
                                  one list with detail beside one request per record, N rounds
dashboard.py walk BASE            all records by cursor, with detail
"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import statistics
import sys
import time
import urllib.parse
import zlib

import asking

MONTHS = [f"{year}-{month:02}" for year in range(2019, 2026) for month in range(1, 13)]
CONNECTIONS = 10
LIST = "/dois?page[size]=1000&detail=true&disable-facets=true"


def split(total, periods, seed):
    """The total, spread over some of the periods; those without any are left out, as in answers."""
    parts = {}
    while total > 0:
        seed = (seed * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        part = min(total, 1 + (seed >> 40) % max(1, total // 8))
        period = periods[(seed >> 20) % len(periods)]
        parts[period] = parts.get(period, 0) + part
        total -= part
    return sorted(parts.items())


def add_series():
    for line in sys.stdin:
        item = json.loads(line)
        if item["type"] == "dois":
            attributes, seed = item["attributes"], zlib.crc32(item["id"].encode())
            views = attributes.setdefault("viewCount", seed % 900)
            downloads = attributes.setdefault("downloadCount", seed % 300)
            cited = attributes.setdefault("citationCount", seed % 40)
            attributes["viewsOverTime"] = [
                {"yearMonth": month, "total": part} for month, part in split(views, MONTHS, seed)]
            attributes["downloadsOverTime"] = [
                {"yearMonth": month, "total": part}
                for month, part in split(downloads, MONTHS, seed + 1)]
            attributes["citationsOverTime"] = [
                {"year": year[:4], "total": part}
                for year, part in split(cited, MONTHS[::12], seed + 2)]
        print(json.dumps(item, ensure_ascii=False, separators=(",", ":")))


class Client:
    """Asks for nothing twice, so that no answer can be one that was kept."""

    def __init__(self, base):
        self.base = base
        self.host = urllib.parse.urlsplit(base).netloc
        self.serial = 0

    def fresh(self, target):
        self.serial += 1
        return f"{target}{'&' if '?' in target else '?'}serial={self.serial}"

    def once(self, target):
        """A request on a connection of its own, as requests.get makes it."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request("GET", target)
            return json.loads(connection.getresponse().read())["data"]
        finally:
            connection.close()


def views(items):
    return sum(entry["total"] for item in items for entry in item["attributes"]["viewsOverTime"])


def processor(pid):
    """Milliseconds that a process has spent on a processor."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def timed(function, pid):
    """Milliseconds until it is done, those of the server, and the views found."""
    spent, begin = processor(pid), time.perf_counter_ns()
    found = views(function())
    return (time.perf_counter_ns() - begin) / 1e6, processor(pid) - spent, found


def ask(base, pid, client_id, rounds):
    client = Client(base)
    one_list = f"{LIST}&client-id={client_id}"
    dois = [item["id"] for item in client.once(one_list)]
    singles, lists = [], []
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in range(rounds):
            each = [client.fresh("/dois/" + urllib.parse.quote(doi)) for doi in dois]
            *took, by_one = timed(lambda: pool.map(client.once, each), pid)
            singles.append(took)
            *took, at_once = timed(lambda: client.once(client.fresh(one_list)), pid)
            lists.append(took)
            if by_one != at_once:
                raise SystemExit(f"{at_once} views in the list, {by_one} one by one")
    single, whole = (statistics.median(took for took, _ in each) for each in (singles, lists))
    single_cpu, whole_cpu = (statistics.mean(spent for _, spent in each) for each in (singles, lists))
    print(f"{len(dois)} {single:.1f} {single_cpu:.1f} {whole:.1f} {whole_cpu:.1f}")


def walk(base):
    connection, found, pages = asking.Connection(base), 0, 0
    target, begin = f"{LIST}&page[cursor]=1", time.perf_counter()
    while target:
        document = json.loads(connection.ask(target)[1])
        found += views(document["data"])
        pages += 1
        following = urllib.parse.urlsplit(document["links"].get("next") or "")
        target = f"{following.path}?{following.query}" if following.query else None
    print(f"{pages} {time.perf_counter() - begin:.1f} {found}")


def main():
    if sys.argv[1] == "series":
        add_series()
    elif sys.argv[1] == "ask":
        ask(*sys.argv[2:5], int(sys.argv[5]))
    else:
        walk(sys.argv[2])


if __name__ == "__main__":
    main()

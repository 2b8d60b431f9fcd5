"""Makes events (make RECORDS EVENTS), and asks a server for them (ask BASE RECORDS PID)."""

import json
import random
import sys

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
CLIENT = {"client": {"data": {"id": "orga.data", "type": "clients"}}}


def make(records, events):
    dice = random.Random(1)
    for i in range(records):
        print(json.dumps({"id": f"10.5072/r{i}", "type": "dois", "relationships": CLIENT, "attributes": {
            "doi": f"10.5072/r{i}", "state": "findable", "created": "2021-01-01T00:00:00Z"}}))
    for i in range(events):
        year = dice.randrange(2015, 2024)
        cited = {"subjId": f"https://doi.org/10.1016/j.{dice.randrange(events // 3)}",
                 "relationTypeId": "references", "sourceId": "crossref", "total": 1}
        used = {"subjId": f"https://api.example.org/reports/{dice.randrange(5000)}",
                "relationTypeId": "unique-dataset-investigations-regular",
                "sourceId": "datacite-usage", "total": dice.randrange(1, 99)}
        print(json.dumps({
            "id": f"{dice.getrandbits(32):08x}-0000-4000-8000-{i:012x}", "type": "events",
            "attributes": {**(cited if i % 2 else used),
                           "objId": f"https://doi.org/10.5072/r{dice.randrange(records)}",
                           "messageAction": "create", "sourceToken": "t", "license": LICENCE,
                           "occurredAt": f"{year}-05-01T00:00:00.000Z",
                           "timestamp": f"{year + 1}-02-03T04:05:06.000Z"}}))


def processor_ms(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 10


def ask(base, records, pid):
    from asking import Connection
    connection, dice = Connection(base), random.Random(2)
    rows = [("one DOI", 300, lambda: f"/events?doi=10.5072/r{dice.randrange(records)}"),
            ("all, for the first time", 1, lambda: "/events"),
            ("a page of all", 50, lambda: f"/events?page[number]={dice.randrange(300)}"),
            ("a source and a month", 5, lambda:
             f"/events?source-id=crossref&year-month={dice.randrange(2015, 2024)}-05")]
    for name, rounds, target in rows:
        begin, times = processor_ms(pid), []
        for _ in range(rounds):
            status, _, time = connection.ask(target())
            assert status == 200
            times.append(time / 1e6)
        times.sort()
        spent = (processor_ms(pid) - begin) / rounds
        print(f"{name}: p50 {times[len(times) // 2]:.1f} ms, worst {times[-1]:.1f} ms, "
              f"processor {spent:.1f} ms")


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    make(*map(int, rest)) if what == "make" else ask(rest[0], *map(int, rest[1:]))

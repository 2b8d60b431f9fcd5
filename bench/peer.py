#!/usr/bin/env python3
"""The peer of the search bench: plain SQLite with FTS5, as one would write it for oneself. One row
per record with indexed columns, side tables for what has many values, an FTS5 table over the texts,
the records themselves as JSON text.

    zstd -dc records.jsonl.zst | bench/peer.py build PEER.db
"""

import json
import os
import sqlite3
import sys
import time

SCHEMA = """
CREATE TABLE doc(id INTEGER PRIMARY KEY, doi TEXT, client TEXT, provider TEXT, prefix TEXT,
    type TEXT, year INTEGER, created TEXT, updated TEXT, registered TEXT, state TEXT, schema TEXT,
    views INTEGER, downloads INTEGER, citations INTEGER, latitude REAL);
CREATE TABLE body(id INTEGER PRIMARY KEY, json TEXT);
CREATE TABLE value(field TEXT, value TEXT, doc INTEGER, PRIMARY KEY(field, value, doc))
    WITHOUT ROWID;
CREATE TABLE relation(identifier TEXT, type TEXT, doc INTEGER);
CREATE VIRTUAL TABLE text USING fts5(title, description, creator, family, subject, publisher,
    funder, content='', tokenize='unicode61 remove_diacritics 0');
"""
INDEXES = """
CREATE UNIQUE INDEX by_doi ON doc(doi);
CREATE INDEX by_client ON doc(client, updated);
CREATE INDEX by_provider ON doc(provider, type, updated);
CREATE INDEX by_prefix ON doc(prefix, created);
CREATE INDEX by_year ON doc(year, type);
CREATE INDEX by_updated ON doc(updated);
CREATE INDEX by_point ON doc(citations) WHERE latitude IS NOT NULL;
CREATE INDEX by_relation ON relation(identifier, type, doc);
CREATE INDEX value_of ON value(doc, field, value);
INSERT INTO text(text) VALUES('optimize');
ANALYZE;
"""
# The default facets: over columns, over side tables, and sums by year.
COLUMNS = ("state", "type", "substr(created, 1, 4)", "year", "substr(registered, 1, 4)", "provider",
           "client", "prefix", "schema")
SIDES = ("affiliation", "licence", "subject", "science")
SUMS = ("citations", "views", "downloads")


def creator_name(person):
    if person.get("givenName") and person.get("familyName"):
        return person["givenName"] + " " + person["familyName"]
    return person["name"]


def values(attributes):
    """(field, value) of what has many values."""
    for person in attributes["creators"]:
        for name in person["nameIdentifiers"]:
            yield "orcid", name["nameIdentifier"]
        for place in person["affiliation"]:
            if "affiliationIdentifier" in place:
                yield "ror", place["affiliationIdentifier"]
                yield "affiliation", place["affiliationIdentifier"] + ":" + place["name"]
    for rights in attributes["rightsList"]:
        if "rightsIdentifier" in rights:
            yield "licence", rights["rightsIdentifier"]
    for subject in attributes["subjects"]:
        yield "subject", subject["subject"]
        if subject["subject"].startswith("FOS: "):
            yield "science", subject["subject"][5:]


def latitude(attributes):
    for place in attributes["geoLocations"]:
        if "geoLocationPoint" in place:
            return place["geoLocationPoint"]["pointLatitude"]
    return None


def rows(number, line):
    record = json.loads(line)
    a, links = record["attributes"], record["relationships"]
    people = a["creators"]
    doc = (number, record["id"], links["client"]["data"]["id"], links["provider"]["data"]["id"],
           record["id"].split("/")[0], a["types"]["resourceTypeGeneral"], a["publicationYear"],
           a["created"], a["updated"], a["registered"], a["state"], a["schemaVersion"],
           a["viewCount"], a["downloadCount"], a["citationCount"], latitude(a))
    text = (number, "\n".join(t["title"] for t in a["titles"]),
            "\n".join(d["description"] for d in a["descriptions"]),
            "\n".join(creator_name(p) for p in people),
            "\n".join(p.get("familyName", "") for p in people),
            "\n".join(s["subject"] for s in a["subjects"]), a["publisher"]["name"],
            "\n".join(f["funderName"] for f in a["fundingReferences"]))
    return (doc, text, {(f, v, number) for f, v in values(a)},
            [(r["relatedIdentifier"].lower(), r["relationType"], number)
             for r in a["relatedIdentifiers"]])


def build(path, lines):
    begin = time.monotonic()
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript("PRAGMA page_size = 8192; PRAGMA journal_mode = off; "
                           "PRAGMA synchronous = off; PRAGMA cache_size = -400000;" + SCHEMA)
    database.execute("BEGIN")
    number = 0
    for line in lines:
        if '"type":"dois"' not in line[:200]:
            continue
        number += 1
        doc, text, many, related = rows(number, line)
        database.execute(f"INSERT INTO doc VALUES({','.join('?' * len(doc))})", doc)
        database.execute("INSERT INTO body VALUES(?, ?)", (number, line.rstrip("\n")))
        database.execute("INSERT INTO text(rowid, title, description, creator, family, subject, "
                         "publisher, funder) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", text)
        database.executemany("INSERT INTO value VALUES(?, ?, ?)", many)
        database.executemany("INSERT INTO relation VALUES(?, ?, ?)", related)
    database.execute("COMMIT")
    database.executescript(INDEXES)
    database.close()
    print(f"peer: {number} records in {time.monotonic() - begin:.0f} s, "
          f"{os.path.getsize(path) / 1048576:.0f} MB", file=sys.stderr)


class Peer:
    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.executescript("PRAGMA cache_size = -400000; PRAGMA temp_store = memory; "
                                    "PRAGMA mmap_size = 17179869184;")

    def ask(self, question, facets):
        """(hits, nanoseconds) of the total, the first 25 records and, if wanted, all facets."""
        _, where, given, match, order = question
        source = "doc"
        if match:
            source = "text JOIN doc ON doc.id = text.rowid"
            where, given = f"text MATCH ? AND {where}", [match, *given]
        begin = time.perf_counter_ns()
        if facets:
            total = self.count(f"SELECT doc.id FROM {source} WHERE {where}", given)
        else:
            counted = "text WHERE text MATCH ?" if match else f"doc WHERE {where}"
            total = self.one(f"SELECT count(*) FROM {counted}", given)
        # The page is cut before the records are read.
        page = self.database.execute(
            f"SELECT json FROM (SELECT doc.id AS id FROM {source} WHERE {where} ORDER BY {order} "
            "LIMIT 25) JOIN body USING(id)", given).fetchall()
        ",".join(row[0] for row in page)
        return total, time.perf_counter_ns() - begin

    def one(self, sql, given=()):
        return self.database.execute(sql, given).fetchone()[0]

    def count(self, hits, given):
        """Counts the facets over the hits; gives how many hits there are. CROSS JOIN: hits first."""
        run = self.database.execute
        run("DROP TABLE IF EXISTS temp.hit")
        run("CREATE TEMP TABLE hit(id INTEGER PRIMARY KEY)")
        run(f"INSERT INTO temp.hit {hits}", given)
        run("ANALYZE temp.hit")  # else few hits are thought to be a million
        for column in COLUMNS:
            run(f"SELECT {column}, count(*) FROM hit CROSS JOIN doc USING(id) GROUP BY 1 "
                "ORDER BY 2 DESC LIMIT 10").fetchall()
        for side in SIDES:
            run("SELECT value, count(*) FROM hit CROSS JOIN value ON doc = id AND field = ? "
                "GROUP BY 1 ORDER BY 2 DESC LIMIT 10", [side]).fetchall()
        for column in SUMS:
            run(f"SELECT year, sum({column}) FROM hit CROSS JOIN doc USING(id) GROUP BY 1 "
                "ORDER BY 1 DESC LIMIT 10").fetchall()
        return self.one("SELECT count(*) FROM temp.hit")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "build":
        sys.exit(__doc__)
    build(sys.argv[2], sys.stdin)

#!/usr/bin/env python3
"""Makes a data file of generated records (JSON Lines on standard input), as DataCite lays its own out.

usage: data_file.py prefixes|months FILE

prefixes: as in 2023, a tar in one gzip with <prefix>/part_NNNNN.jsonl of bare attributes.
months:   as since 2024, a tar of dois/updated_YYYY-MM/part_NNNN.jsonl.gz of whole resources, and a
          compressed CSV of the month's DOIs beside them.
"""

import gzip
import io
import os
import re
import sys
import tarfile

PART = {True: 10000, False: 1000}  # lines, compressed or not
ID = re.compile(rb'^\{"id":"([^"]*)","type":"dois"')
FIELD = {name: re.compile(b'"%s":"([^"]*)"' % name.encode()) for name in ("state", "updated")}
CLIENT = re.compile(rb'"client":\{"data":\{"id":"([^"]*)"')


def attributes(line):
    """The text of a resource's attributes, by its place in the line."""
    start = line.index(b'"attributes":') + 13
    return line[start : line.rindex(b',"relationships":')]


def field(line, name):
    found = FIELD[name].findall(line)
    return found[-1] if found else b""


class Folder:
    """The parts of one folder; those that are full go to the archive."""

    def __init__(self, archive, name, compressed):
        self.archive, self.name, self.compressed = archive, name, compressed
        self.lines, self.rows, self.parts = [], [b"doi,state,client_id,updated\n"], 0

    def add(self, line):
        self.lines.append(line)
        if len(self.lines) == PART[self.compressed]:
            self.flush()

    def put(self, name, content):
        if self.compressed:
            content = gzip.compress(content, 6, mtime=0)
        info = tarfile.TarInfo(self.name + name)
        info.size = len(content)
        self.archive.addfile(info, io.BytesIO(content))

    def flush(self):
        if not self.lines:
            return
        number = "%04d" if self.compressed else "%05d"
        suffix = ".jsonl.gz" if self.compressed else ".jsonl"
        self.put("/part_" + number % self.parts + suffix, b"\n".join(self.lines) + b"\n")
        self.parts += 1
        self.lines = []


def main():
    layout, path = sys.argv[1:]
    months, folders = layout == "months", {}
    with tarfile.open(path + ".part", "w" if months else "w:gz") as archive:
        for line in sys.stdin.buffer:
            line = line.rstrip(b"\n")
            doi = ID.match(line)
            if not doi:
                continue
            doi, updated = doi.group(1), field(line, "updated")
            name = "dois/updated_" + updated[:7].decode() if months else doi.split(b"/")[0].decode()
            folder = folders.setdefault(name, Folder(archive, name, months))
            folder.add(line if months else attributes(line))
            if months:
                client = CLIENT.search(line)
                owner = client.group(1) if client else b""
                folder.rows.append(b"%s,%s,%s,%s\n" % (doi, field(line, "state"), owner, updated))
        for name, folder in folders.items():
            folder.flush()
            if months:
                folder.put("/%s.csv.gz" % name[-7:], b"".join(folder.rows))
    os.rename(path + ".part", path)


main()

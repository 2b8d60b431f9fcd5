"""Runs one client against a server and prints what it got as JSON: ask.py BASE CLIENT.

Runs in the environment that the clients are installed in; see test_clients.py.
"""

import contextlib
import io
import json
import os
import sys
import tempfile

import redirect

LIDC = "10.7937/k9/tcia.2015.lo9ql9sx"


def tcia_utils(_):
    from tcia_utils import datacite

    frame = datacite.getDoi()
    relations, summary, _ = datacite.analyze_doi_relations(frame)
    document = datacite.getDoi(format="json")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        datacite.getDoi(format="csv")
        with open(os.listdir(".")[0], encoding="utf-8", newline="") as file:
            table = file.read()
        os.chdir("/")
    return {
        "columns": list(frame.columns),
        "rows": len(frame),
        "total": document["meta"]["total"],
        "data": len(document["data"]),
        "csv": table,
        "lidc": frame[frame["DOI"] == LIDC].iloc[0].to_dict(),
        "relations": len(relations),
        "types": summary["Relation_Type"].tolist(),
    }


# Three collections, one of them in capitals as TCIA's pages write DOIs.
COLLECTIONS = ["10.7937/tcia.582b-xz89", "10.7937/CV5M-1H59", LIDC]


def derived(_):
    from tcia_utils import datacite

    frame = datacite.getDerivedDois(COLLECTIONS)
    text = datacite.getDerivedDois(COLLECTIONS[0], format="csv")
    return {
        "found": {
            doi: sorted(frame[frame["search_related_identifier"] == doi]["id"]) for doi in COLLECTIONS
        },
        "titles": frame["attributes.titles"].map(lambda titles: titles[0]["title"]).tolist(),
        "lines": len(text.splitlines()),
    }


def datacite(base):
    from datacite import DataCiteRESTClient
    from datacite.errors import DataCiteError

    client = DataCiteRESTClient("any", "any", "10.7937", url=base)
    try:
        client.get_doi("10.7937/not-there")
        missing = None
    except DataCiteError as error:
        missing = type(error).__name__
    return {
        "url": client.get_doi(LIDC),
        "metadata": client.get_metadata(LIDC.upper()),
        "missing": missing,
    }


def datacitekit(base):
    from datacitekit.searchers import DataCiteSearcher

    return [item["id"] for item in DataCiteSearcher(search_url=base + "/dois/").search()]


def main():
    base, client = sys.argv[1:]
    redirect.install(base)
    with contextlib.redirect_stdout(io.StringIO()):
        answer = globals()[client](base)
    json.dump(answer, sys.stdout, default=str)


if __name__ == "__main__":
    main()

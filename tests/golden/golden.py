"""Golden files: what the converter is to give, byte by byte.

records/NAME.json           records as DataCite JSON, read by every writer
records/NAME.jsonl          several of them: how lists are joined
FORMAT/NAME.EXTENSION       what `convert --to FORMAT` makes of records/NAME
FORMAT/NAME.refused         why the format cannot give it
FORMAT/NAME.in              a text of that format
FORMAT/NAME.record.json     what `convert --from FORMAT --to datacite_json` makes of it
FORMAT/NAME.rejected        why it cannot be read

Where records are asked for there is a file for each of them and nothing else in the folder of a
format. tools/golden writes them anew.
"""

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXTENSIONS = {
    "datacite": "xml", "datacite_json": "json", "schema_org": "jsonld", "codemeta": "jsonld",
    "crosscite": "json", "citeproc": "json", "bibtex": "bib", "ris": "ris", "jats": "xml",
    "csv": "csv", "citation": "html", "rdf_xml": "rdf", "turtle": "ttl", "croissant": "jsonld",
}


class Outcome:
    """What became of one conversion: a text, or the reason why there is none."""

    def __init__(self, done, name):
        self.text = done.stdout
        said = done.stderr.decode().replace(name + ":", "")
        self.reason = "\n".join(line.strip() for line in said.splitlines())
        if done.returncode not in (0, 1):
            raise AssertionError(f"exit {done.returncode}: {said}")
        if (done.returncode == 1) != bool(self.reason):
            raise AssertionError(f"exit {done.returncode}, but said {self.reason!r}")

    def file(self, good, bad):
        """Name ending and content of the golden file."""
        if self.reason:
            return bad, (self.reason + "\n").encode() + self.text
        return good, self.text


def convert(binary, path, *options):
    done = subprocess.run([binary, "convert", *options, path], capture_output=True, timeout=60,
                          check=False)
    return Outcome(done, str(path))


def formats(binary):
    done = subprocess.run([binary, "convert", "--list", "--json"], capture_output=True, check=True)
    return json.loads(done.stdout)


def records():
    return sorted(path for path in (HERE / "records").iterdir() if path.suffix in (".json", ".jsonl"))


def inputs(name):
    return sorted((HERE / name).glob("*.in"))


def written(binary, name, path):
    """The golden file of a record in a format: path, content."""
    ending, content = convert(binary, path, "--from", "datacite_json", "--to", name).file(
        EXTENSIONS[name], "refused")
    stem = path.stem + (".list" if path.suffix == ".jsonl" else "")
    return HERE / name / f"{stem}.{ending}", content


def read(binary, name, path):
    """The golden file of a text of a format."""
    ending, content = convert(binary, path, "--from", name, "--to", "datacite_json").file(
        "record.json", "rejected")
    return path.with_name(f"{path.stem}.{ending}"), content


def expected(binary, name):
    """All golden files of one row of the table of formats: {path: content}."""
    files = {}
    if name["write"] and name["name"] in EXTENSIONS:
        files.update(written(binary, name["name"], path) for path in records())
    if name["read"]:
        files.update(read(binary, name["name"], path) for path in inputs(name["name"]))
    return files


def stored(name):
    """The golden files that there are."""
    folder = HERE / name
    return {path for path in folder.glob("*") if path.suffix != ".in"} if folder.is_dir() else set()

"""What `pull`, `sync` and `status` make of a command line, and how they call copies."""

import json
import re
import time

import pytest
from conftest import run, serving
from proxy import Upstream
from test_cli import on_terminal

CLIENT, DOI = "nihnci.tcia", "10.7937/s17z-r072"


@pytest.fixture(scope="module")
def upstream(server):
    proxy = Upstream(server)
    yield proxy
    proxy.close()


def said(*args, code=2, **kwargs):
    done = run(*args, check=False, **kwargs)
    assert done.returncode == code, done.stderr.decode()
    return done.stderr.decode()


def copies(store):
    return json.loads(run("status", "--store", store, "--json").stdout)["copies"]


@pytest.mark.parametrize("url", ["", "example.org", "ftp://example.org", "http://", "http:///dois", "http://:80",
                                 "http://a b", "http://a\tb", "http://h:99999", "http://h:8x", "http://[::1",
                                 "http://h/?page=2", "http://h/#top"])
def test_what_is_no_address_of_a_server(tmp_path, url):
    store = tmp_path / "copy.db"
    for command in ("pull", "sync"):
        text = said(command, url, "--store", store)
        assert "no http or https URL" in text or "no address of a server" in text
    assert not store.exists()


@pytest.mark.parametrize("tail", ["/", "//", "/dois", "/dois/"])
def test_an_address_written_otherwise_is_the_same_server(upstream, tmp_path, tail):
    copy = tmp_path / "copy.db"
    port = upstream.http.server_port
    run("pull", f"HTTP://LocalHost:{port}{tail}", "--store", copy, "--quiet", "--client-id", CLIENT)
    assert [one["url"] for one in copies(copy)] == [f"http://localhost:{port}"]
    assert "synced http://localhost" in said("sync", f"http://localhost:{port}/dois", "--store", copy, code=0)


@pytest.mark.parametrize("options", [["--mailto", "someone"], ["--mailto", "@example.org"],
                                     ["--mailto", "a@b\r\nX-Header: yes"], ["--mailto", "a@b) (c"],
                                     ["--user", "name"], ["--random", "true"], ["--sample-group", "client"],
                                     ["--sample", "3"]])
def test_options_that_make_no_sense(upstream, tmp_path, options):
    before = len(upstream.paths)
    for command in ("pull", "sync"):
        assert options[0].lstrip("-") in said(command, upstream.url, "--store", tmp_path / "copy.db", *options)
    assert len(upstream.paths) == before and not list(tmp_path.iterdir())


def test_a_login_of_the_environment(upstream, tmp_path, monkeypatch):
    monkeypatch.setenv("DOIHOUND_USER", "name")
    assert "NAME:PASSWORD" in said("pull", upstream.url, "--store", tmp_path / "copy.db")
    monkeypatch.setenv("DOIHOUND_USER", "")
    run("pull", upstream.url, "--store", tmp_path / "copy.db", "--client-id", CLIENT)


def test_what_cites_is_called_as_it_was_asked_for(upstream, tmp_path):
    copy, target = tmp_path / "copy.db", "10.7937/k9/tcia.2015.lo9ql9sx"
    text = said("pull", upstream.url, "--store", copy, "--client-id", CLIENT, "--citing", "10.7937", code=0)
    assert re.findall(r"pulled \d+ of \d+ records(.*?): ", text) == ["", " referring to 10.7937"]
    run("pull", upstream.url, "--store", copy, "--citing", target.upper())
    run("pull", upstream.url, "--store", copy, "--query", "relatedIdentifiers.relatedIdentifier:(10.7937)")
    text = run("status", "--store", copy).stdout.decode()
    names = re.findall(rf"^Copy +{upstream.url} (.*): \d+ records", text, re.MULTILINE)
    assert sorted(names) == sorted([f"client-id={CLIENT}", "--citing 10.7937", f"--citing {target}",
                                    "query=relatedIdentifiers.relatedIdentifier%3A%2810.7937%29"])
    assert f"synced {upstream.url} --citing {target}: " in said(
        "sync", "--store", copy, "--citing", target, code=0)


def test_a_copy_by_its_name(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    names = ["client-id=nihnci.tcia", "prefix=10.7937", ""]
    for name in names:
        run("pull", upstream.url, "--store", copy, "--quiet", *(f"--{name}".split("=") if name else []))
    for name in names:
        told = run("sync", "--store", copy, "--json", "--copy", name).stdout.splitlines()
        assert [json.loads(one)["filter"] for one in told] == [name]
    assert "no such copy" in said("sync", "--store", copy, "--copy", "prefix=10.1", code=1)
    for options in (["--prefix", "10.7937"], ["--since", "2025-12-31"]):
        assert "--copy" in said("sync", "--store", copy, "--copy", "", *options)


def test_a_copy_is_forgotten(upstream, tmp_path):
    copy = tmp_path / "copy.db"
    for options in (["--client-id", CLIENT], ["--client-id", "no.such"], ["--citing", "10.7937"]):
        run("pull", upstream.url, "--store", copy, "--quiet", "--no-accounts", *options)
    before, asked = run("export", "--store", copy).stdout, len(upstream.paths)
    for options in ([], ["--client-id", CLIENT, "--since", "2025-12-31"]):
        assert "--forget" in said("sync", "--store", copy, "--forget", *options)
    assert len(copies(copy)) == 3
    text = said("sync", "--store", copy, "--forget", "--client-id", "no.such", code=0)
    assert text == f"forgot {upstream.url} client-id=no.such; its records stay\n"
    assert "no such copy" in said("sync", "--store", copy, "--forget", "--client-id", "no.such", code=1)
    assert len(copies(copy)) == 2
    assert said("sync", upstream.url, "--store", copy, "--forget", code=0).count("forgot") == 2
    assert not copies(copy) and len(upstream.paths) == asked
    assert run("export", "--store", copy).stdout == before
    with serving(copy) as server:
        assert "Age" not in server.get(f"/dois/{DOI}").headers


def test_a_server_of_this_machine_has_no_budget(upstream, tmp_path):
    """Also when one logs in there."""
    upstream.faults.append(slow := lambda answer: time.sleep(0.5))
    shown = {url: on_terminal("pull", url, "--store", tmp_path / "copy.db", "--no-accounts", "--doi", DOI,
                              *options, stream="stderr")
             for url, options in [(upstream.url, ["--budget", "60"]),
                                  (upstream.url.replace("//", "//name:word@"), [])]}
    upstream.faults.remove(slow)
    assert ["requests left now" in one for one in shown.values()] == [True, False], shown


def test_a_terminal_shows_why_a_pull_waits(upstream, tmp_path):
    """As much of it as a line holds."""
    left = [1, 2]

    def fail(answer):
        if left:
            left.pop()
            answer.update(status=502, body=b"{}")
    upstream.faults.append(fail)
    shown = on_terminal("pull", upstream.url, "--store", tmp_path / "copy.db", "--no-accounts", "--client-id", CLIENT,
                        stream="stderr", width=40)
    upstream.faults.remove(fail)
    assert "0 records, 0/s, trying again: answered…" in re.split(r"\r\x1b\[K", shown)
    assert "pulled 298 of 298 records" in shown

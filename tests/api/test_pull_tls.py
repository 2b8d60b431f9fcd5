"""`pull` over https: whom it trusts, HTTP/2, compression, redirects."""

import os
import shutil
import signal
import socket
import subprocess
import time

import pytest
from conftest import Server, run

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates")
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def openssl(*options, **more):
    subprocess.run(["openssl", *options], check=True, capture_output=True, timeout=60, **more)


def authority(folder, name):
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", f"/CN={name}", "-keyout", key, "-out", certificate,
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign")
    return key, certificate


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate for 127.0.0.1 by an authority of its own, and another authority."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = authority(folder, "ca")
    authority(folder, "other")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=server", "-keyout", folder / "server.key", "-out", folder / "server.csr")
    openssl("x509", "-req", "-days", "2", "-in", folder / "server.csr", "-CA", certificate, "-CAkey",
            key, "-CAcreateserial", "-extfile", folder / "names", "-out", folder / "server.pem")
    return folder


@pytest.fixture(scope="module")
def secure(sample_store, certificates):
    server = Server(sample_store, "--tls-cert", certificates / "server.pem", "--tls-key",
                    certificates / "server.key")
    yield server
    assert server.stop()[0] == 0


def pull(base, tmp_path, *options, check=True, **more):
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("CURL_CA_BUNDLE", "SSL_CERT_FILE")}
    environment.update({name: str(value) for name, value in more.items()})
    return run("pull", base, "--store", tmp_path / "copy.db", "--budget", "0", *options, check=check,
               env=environment)


def exported(store):
    return run("export", "--store", store).stdout


def test_an_authority_of_ones_own(secure, certificates, sample_store, tmp_path):
    done = pull(secure.base, tmp_path, "--cacert", certificates / "ca.pem")
    assert "298 of 298" in done.stderr.decode()
    assert exported(tmp_path / "copy.db") == exported(sample_store)
    for name in ("CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        done = pull(secure.base, tmp_path, **{name: certificates / "ca.pem"})
        assert "298 unchanged" in done.stderr.decode()


@pytest.mark.parametrize("options", [[], ["--cacert", "other.pem"]])
def test_who_is_not_trusted_is_told_at_once(secure, certificates, tmp_path, options):
    options = [certificates / option if option.endswith(".pem") else option for option in options]
    begun = time.monotonic()
    done = pull(secure.base, tmp_path, *options, check=False)
    said = done.stderr.decode()
    assert done.returncode == 3 and "the server's certificate is not trusted" in said
    assert "attempts" not in said and time.monotonic() - begun < 20


def test_certificates_that_cannot_be_read(secure, certificates, tmp_path):
    done = pull(secure.base, tmp_path, "--cacert", certificates / "nothing.pem", check=False)
    assert done.returncode == 3 and "certificates to trust cannot be read" in done.stderr.decode()


CONFIG = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{
    access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
    fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    log_format asked '$server_protocol $status $sent_http_content_encoding $request_uri';
    gzip on; gzip_proxied any; gzip_min_length 0; gzip_types application/vnd.api+json application/json;
    server {{
        listen 127.0.0.1:{tls} ssl http2;
        ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
        access_log {folder}/access.log asked;
        location /down/ {{ return 301 http://127.0.0.1:{plain}/; }}
        location / {{ proxy_pass {base}; proxy_set_header Accept-Encoding ""; }}
    }}
    server {{
        listen 127.0.0.1:{plain};
        location / {{ return 308 https://127.0.0.1:{tls}$request_uri; }}
    }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def front(server, certificates):
    """nginx before the server: its folder, the ports of https and http."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    tls, plain = free_port(), free_port()
    config = certificates / "nginx.conf"
    config.write_text(CONFIG.format(folder=certificates, tls=tls, plain=plain, base=server.base))
    process = subprocess.Popen([NGINX, "-c", config, "-p", certificates, "-e",
                                certificates / "error.log"], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", tls), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    assert process.poll() is None, process.stderr.read().decode()
    yield certificates, tls, plain
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def asked(folder):
    return [line.split(" ", 3) for line in (folder / "access.log").read_text().splitlines()]


def test_http2_and_gzip(front, sample_store, tmp_path):
    folder, tls, _ = front
    (folder / "access.log").write_text("")
    done = pull(f"https://127.0.0.1:{tls}", tmp_path, "--cacert", folder / "ca.pem")
    assert "298 of 298" in done.stderr.decode()
    assert exported(tmp_path / "copy.db") == exported(sample_store)
    lines = asked(folder)
    assert lines and {line[0] for line in lines} == {"HTTP/2.0"}
    assert {line[2] for line in lines if "/dois?" in line[3]} == {"gzip"}


def test_led_to_https(front, sample_store, tmp_path):
    folder, _, plain = front
    done = pull(f"http://127.0.0.1:{plain}", tmp_path, "--cacert", folder / "ca.pem")
    assert "298 of 298" in done.stderr.decode()
    assert exported(tmp_path / "copy.db") == exported(sample_store)


def test_never_led_away_from_https(front, tmp_path):
    folder, tls, _ = front
    done = pull(f"https://127.0.0.1:{tls}/down", tmp_path, "--cacert", folder / "ca.pem", check=False)
    assert done.returncode == 3 and "nobody should follow" in done.stderr.decode()

"""A server that stands before a real one and may change what passes."""

import contextlib
import http.client
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Upstream:
    """Stands before a real server; `faults` may change what passes."""

    def __init__(self, server):
        self.server, self.faults, self.paths = server, [], []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                with contextlib.suppress(ConnectionError):  # of a client that was killed
                    outer.answer(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def fetch(self, path):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def answer(self, handler):
        with self.lock:
            self.paths.append(handler.path)
        status, body = self.fetch(handler.path)
        answer = {"status": status, "body": body, "headers": {}, "cut": None, "path": handler.path,
                  "upstream": self}
        for fault in list(self.faults):
            fault(answer)
        handler.send_response(answer["status"])
        for name, value in answer["headers"].items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer["body"])))
        handler.end_headers()
        handler.wfile.write(answer["body"][:answer["cut"]])
        if answer["cut"] is not None:
            handler.close_connection = True

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def small_pages(size):
    """The server gives at most so many records a page, so that there are many pages."""
    def fault(answer):
        if not is_page(answer):
            return
        path = re.sub(r"page%5Bsize%5D=\d+", f"page%5Bsize%5D={size}", answer["path"])
        answer["status"], answer["body"] = answer["upstream"].fetch(path)
    return fault


def spoiling(when, how, status=500):
    """Answers for which `when` holds are refused, cut short, or those of a program that is in the way."""
    def fault(answer):
        if not when(answer):
            return
        if how == "down":
            answer.update(status=status, body=b"{}")
        elif how == "cut":
            answer["cut"] = len(answer["body"]) // 2
        else:
            answer["body"] = b"<html>maintenance</html>"
    return fault


def is_page(answer):
    return answer["path"].startswith("/dois?") and "page%5Bcursor%5D" in answer["path"]

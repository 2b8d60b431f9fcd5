"""One kept-alive HTTP connection over a raw socket, so that little but the server is timed."""

import json
import pathlib
import re
import socket
import time
import urllib.parse


class Connection:
    def __init__(self, base):
        address = urllib.parse.urlsplit(base)
        self.host = address.netloc
        self.address = (address.hostname, address.port)
        self.buffer = bytearray(1 << 20)
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(self.address, timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, target):
        """(status, body, nanoseconds); status 0 when the server hung up."""
        request = f"GET {target} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()
        begin = time.perf_counter_ns()
        try:
            self.socket.sendall(request)
        except OSError:
            pass  # it may have answered before all was sent
        try:
            head, body = self.receive()
        except OSError:
            head, body = b"", b""
        end = time.perf_counter_ns()
        if not head or b"\nconnection: close" in head.lower():
            self.socket.close()
            self.connect()
        return int(head.split(None, 2)[1]) if head else 0, body, end - begin

    def receive(self):
        have, need, head = 0, None, b""
        while need is None or have < need:
            if have == len(self.buffer):
                self.buffer.extend(bytes(len(self.buffer)))
            with memoryview(self.buffer) as view, view[have:] as room:
                got = self.socket.recv_into(room)
            if got == 0:
                return b"", b""
            have += got
            end = self.buffer.find(b"\r\n\r\n", 0, have) if need is None else -1
            if end >= 0:
                head = bytes(self.buffer[:end])
                length = re.search(rb"\ncontent-length: *(\d+)", head.lower())
                need = end + 4 + (int(length[1]) if length else 0)
        return head, bytes(self.buffer[len(head) + 4:need])


def target(parameters, path="/dois"):
    return path + "?" + urllib.parse.urlencode(parameters, safe="()*:,!", quote_via=urllib.parse.quote)


def total(body):
    """meta.total of a list; None when there is none."""
    found = re.search(rb'"meta":\{[^}]*?"total":(\d+)', body)
    return int(found[1]) if found else None


def reason(body):
    """The first line of what an error answer says."""
    try:
        errors = json.loads(body)["errors"]
        text = (errors[0] if isinstance(errors, list) else errors)["title"]
    except (ValueError, KeyError, IndexError, TypeError):
        text = body.decode("utf-8", "replace")
    return text.split("\n")[0]


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))

"""Sends what a Python program on `requests` asks of the DataCite REST API to another server.

    import redirect
    redirect.install("http://127.0.0.1:8065")

Only the scheme and host change; path, query, headers and body go out as the client made them.
"""

import requests
from requests.adapters import HTTPAdapter

UPSTREAM = "https://api.datacite.org"


class Redirect(HTTPAdapter):
    """Mounted for the upstream's address."""

    def __init__(self, base):
        super().__init__()
        self.base = base.rstrip("/")

    def send(self, request, *args, **kwargs):
        request.url = self.base + request.url[len(UPSTREAM):]
        kwargs["proxies"] = None
        return super().send(request, *args, **kwargs)


def install(base):
    """Every session made from now on, also by requests.get and the like."""
    original = requests.Session.__init__

    def init(session, *args, **kwargs):
        original(session, *args, **kwargs)
        session.mount(UPSTREAM + "/", Redirect(base))

    requests.Session.__init__ = init

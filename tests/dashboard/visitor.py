"""A plain visitor of the page's server, who can say anything a socket can carry."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.dashboard.guard import TOKEN_HEADER
from tests.dashboard.browser import Site


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Visitor:
    """Asks a site; `good` are the headers of the page itself."""

    site: Site
    good: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "good", {TOKEN_HEADER: self.site.door.token, "content-type": "application/json"})

    def asked(self, method: str, path: str, headers: Mapping[str, Any] | None = None, body: Any = None) -> Answer:
        """One request on a line of its own. A host among the headers takes the place of the true one."""
        given = {name.lower(): value for name, value in (headers or {}).items()}
        line = http.client.HTTPConnection(self.site.address[7:-1], timeout=110)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            line.putheader("host", given.pop("host", self.site.address[7:-1]))
            for name, value in given.items():
                line.putheader(name, value)
            content = body.encode() if isinstance(body, str) else body or b""
            if "transfer-encoding" not in given:
                line.putheader("content-length", str(len(content)))
            line.endheaders(content)
            answer = line.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            line.close()

    def get(self, path: str, headers: Mapping[str, Any] | None = None) -> Answer:
        """What anybody may do."""
        return self.asked("GET", path, headers)

    def post(self, path: str, given: Any, headers: Mapping[str, Any] | None = None) -> Answer:
        """What the page does: JSON, with its token, unless other headers are given."""
        return self.asked("POST", path, self.good if headers is None else headers, given if isinstance(given, str) else json.dumps(given))

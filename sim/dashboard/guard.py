"""Who may talk to the page's server: this machine, by its own name, from the page itself, with the token for all that computes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN_HEADER = "x-suasion-token"
# Bytes that a request may carry; a page's address and a setting are far smaller.
LARGEST_BODY = 64 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Door:
    """The port that is served, and the token that the page was given."""

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    @property
    def hosts(self) -> frozenset[str]:
        """Names by which this server may be asked for."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    def refusal(self, method: str, headers: Headers) -> str:
        """Why a request is turned away, or nothing."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self.hosts:
            return "asked for under another name than this machine's own"
        if origin is not None and origin not in {f"http://{known}" for known in self.hosts}:
            return "sent by another page"
        if "upgrade" in headers:
            return "nothing here speaks anything but HTTP"
        if method in SAFE:
            return ""
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "sent by another page"
        if not secrets.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self.token.encode()):
            return "without the page's token"
        if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return "not JSON"
        return ""


class Guard:
    """Turns away what may not come in, and puts the strict headers on everything that goes out."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Any other kind of connection is refused."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            # Before the handshake, this is answered with 403.
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        refusal = self.door.refusal(scope["method"], headers)
        length = headers.get("content-length", "0")
        too_long = not length.isdigit() or int(length) > LARGEST_BODY or "transfer-encoding" in headers

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if refusal:
            await PlainTextResponse(f"refused: {refusal}\n", 403)(scope, receive, sent)
        elif scope["method"] not in SAFE and too_long:
            await PlainTextResponse("refused: too long\n", 413)(scope, receive, sent)
        else:
            await self.app(scope, receive, sent)

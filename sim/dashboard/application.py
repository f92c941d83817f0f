"""The page's server: the page and its scripts, and what they ask for, all of it behind the guard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sim.dashboard.files import PAGE, TOKEN_MARK, page_files
from sim.dashboard.folder import Folders
from sim.dashboard.frames import MEDIA_TYPE
from sim.dashboard.guard import Door, Guard
from sim.dashboard.session import Session
from sim.scenario.faults import SuasionError

Answer = Callable[[Session, dict[str, Any]], Awaitable[Any]]


def application(folders: Folders, door: Door, first: str, seen: list[Session] | None = None) -> ASGIApp:
    """Everything that is served. `first` is the scenario file opened at the start; `seen` is given the session, for tests."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        session = app.state.session = Session(folders, first)
        if seen is not None:
            seen.append(session)
        try:
            yield
        finally:
            session.close()

    answers: dict[str, Answer] = {
        "open": Session.open,
        "histories": _histories,
        "chronicle": Session.chronicle,
        "yaml": Session.yaml,
    }
    asked = [Route(f"/api/{name}", _asked(answer), methods=["POST"]) for name, answer in answers.items()]
    return Guard(Starlette(routes=[*_pages(door), *asked], lifespan=lifespan), door)


def _pages(door: Door) -> list[Route]:
    """The page with the token in it, and the files it is made of."""
    files = page_files()

    async def page(request: Request) -> Response:
        body, kind = files[PAGE]
        return Response(body.replace(TOKEN_MARK, door.token.encode()), media_type=kind)

    async def file(request: Request) -> Response:
        found = files.get(request.path_params["name"])
        return Response(found[0], media_type=found[1]) if found is not None else Response(status_code=404)

    return [Route("/", page, methods=["GET"]), Route("/files/{name}", file, methods=["GET"])]


def _asked(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    """An answer to a JSON object, in JSON unless it is a response already; what cannot be answered is refused with a reason."""

    async def endpoint(request: Request) -> Response:
        try:
            given = json.loads(await request.body())
            if not isinstance(given, dict):
                raise ValueError("not a mapping")
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except (ValueError, RecursionError):
            return Told({"refused": "the request is not a JSON object"}, 400)
        try:
            found = await answer(request.app.state.session, given)
        except SuasionError as error:
            return Told({"refused": str(error)}, 400)
        return found if isinstance(found, Response) else Told(found)

    return endpoint


async def _histories(session: Session, given: dict[str, Any]) -> Response:
    return Frames(session.frames(session.wish(given)))


class Told(JSONResponse):
    """An answer in JSON of ASCII letters alone: words that came with a request or from a file name may hold what UTF-8 cannot say."""

    def render(self, content: Any) -> bytes:
        """The bytes of an answer."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class Frames(Response):
    """Frames sent as they are made; whoever asked may go away, and then no more are made."""

    media_type = MEDIA_TYPE

    def __init__(self, frames: AsyncIterator[bytes]) -> None:
        super().__init__(media_type=MEDIA_TYPE)
        del self.headers["content-length"]
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends frames until there are no more or nobody listens."""
        sending = asyncio.create_task(self._send(send))
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            found = await asyncio.gather(sending, gone, return_exceptions=True)
        if isinstance(found[0], Exception) and not isinstance(found[0], OSError):
            raise found[0]

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for frame in self._frames:
            await send({"type": "http.response.body", "body": frame, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

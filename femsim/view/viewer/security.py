"""Who may talk to the viewer: this machine's user, by a secret, from a page of the viewer's own."""

import contextlib
import html
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from femsim.errors import UsageError

HOST = "127.0.0.1"
OWN_NAMES = ("127.0.0.1", "localhost", "[::1]")
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
    "worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def free_port(wanted: int) -> int:
    """The port, or any free one for 0.

    Raises
    ------
    UsageError
        Where it is in use, or not for this user.
    """
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, wanted))
        except (OSError, OverflowError) as error:
            raise UsageError(
                f"Port {wanted} cannot be used.",
                where="--port",
                why=getattr(error, "strerror", None) or str(error),
                remedy="leave --port out, and a free one is taken; another viewer may hold this one",
            ) from None
        return trial.getsockname()[1]


@contextmanager
def secret_of(server: Any) -> Iterator[str]:
    """A secret of this viewer alone, which its server asks every client for; no other user can read it."""
    folder = Path(tempfile.mkdtemp(prefix="femsim-view-"))  # of mode 0700
    word = secrets.token_urlsafe(32)
    path = folder / "secret"
    path.touch(mode=0o600)
    path.write_text(word, encoding="ascii")
    # The server's own options come from the command line, which is femsim's.
    given, sys.argv = sys.argv, [sys.argv[0], "--authKeyFile", str(path)]
    ready, os.environ["WSLINK_READY_MSG"] = os.environ.get("WSLINK_READY_MSG"), ""
    server.controller.on_server_bind.add(_guard)
    try:
        yield word
    finally:
        sys.argv = given
        os.environ.pop("WSLINK_READY_MSG")
        if ready is not None:
            os.environ["WSLINK_READY_MSG"] = ready
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def doorway(address: str) -> Iterator[Path]:
    """A file that leads to an address: a browser's command line is seen by others, the secret in this file is not."""
    folder = Path(tempfile.mkdtemp(prefix="femsim-view-"))
    path = folder / "open.html"
    path.touch(mode=0o600)
    path.write_text(
        '<!DOCTYPE html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0;url={html.escape(address)}"><title>femsim</title>',
        encoding="utf-8",
    )
    try:
        yield path
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)


def refusal(method: str, host: str, origin: str | None, *, is_socket: bool) -> str:
    """Why a request is refused; empty where it is not. A page of elsewhere has another host or origin, whatever name it
    gave this machine."""
    if method not in ("GET", "HEAD"):
        return "Nothing is changed by requests."
    if host.rpartition(":")[0] not in OWN_NAMES:
        return "Not the viewer's own address."
    if origin is None:
        return "A socket without an origin." if is_socket else ""
    return "" if origin == f"http://{host}" else "Asked by another page."


def _guard(web_server: Any) -> None:
    from aiohttp import web

    @web.middleware
    async def guarded(request, handler):
        is_socket = request.headers.get("Upgrade", "").lower() == "websocket"
        host, origin = request.headers.get("Host", ""), request.headers.get("Origin")
        words = refusal(request.method, host, origin, is_socket=is_socket)
        return web.Response(status=403, text=words) if words else await handler(request)

    async def told(request, response):
        if "Upgrade" not in response.headers:
            response.headers.update(HEADERS)

    web_server.app.middlewares.append(guarded)
    web_server.app.on_response_prepare.append(told)

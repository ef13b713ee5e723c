"""Who is refused at the viewer's door."""

import os
import socket
import stat
import sys
from types import SimpleNamespace

import pytest

from femsim.errors import UsageError
from femsim.view.viewer import security


@pytest.mark.parametrize(
    "method, host, origin, is_socket, refused",
    [
        ("GET", "127.0.0.1:8080", None, False, False),
        ("GET", "localhost:8080", "http://localhost:8080", False, False),
        ("GET", "127.0.0.1:8080", "http://127.0.0.1:8080", True, False),
        ("HEAD", "127.0.0.1:8080", None, False, False),
        ("POST", "127.0.0.1:8080", "http://127.0.0.1:8080", False, True),
        ("PUT", "127.0.0.1:8080", None, False, True),
        ("GET", "evil.example:8080", None, False, True),
        ("GET", "127.0.0.1.evil.example:8080", None, False, True),
        ("GET", "", None, False, True),
        ("GET", "127.0.0.1:8080", "http://evil.example", False, True),
        ("GET", "127.0.0.1:8080", "https://127.0.0.1:8080", True, True),
        ("GET", "127.0.0.1:8080", "http://127.0.0.1:9090", True, True),
        ("GET", "127.0.0.1:8080", "null", True, True),
        ("GET", "127.0.0.1:8080", None, True, True),
    ],
)
def test_only_the_viewers_own_pages_are_answered(method, host, origin, is_socket, refused):
    assert bool(security.refusal(method, host, origin, is_socket=is_socket)) == refused


def test_the_secret_is_new_each_time_and_for_this_user_alone(monkeypatch):
    server = SimpleNamespace(controller=SimpleNamespace(on_server_bind=SimpleNamespace(add=lambda one: None)))
    monkeypatch.setattr(sys, "argv", ["femsim", "view", "run", "--port", "9"])
    words = []
    for _ in range(2):
        with security.secret_of(server) as word:
            path = sys.argv[sys.argv.index("--authKeyFile") + 1]
            assert open(path).read() == word and len(word) >= 40
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
            assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
            assert "--port" not in sys.argv
            words.append(word)
        assert not os.path.exists(path) and sys.argv[1:] == ["view", "run", "--port", "9"]
    assert words[0] != words[1]


def test_the_door_is_for_this_user_alone_and_holds_no_markup_of_others():
    with security.doorway('http://127.0.0.1:1/?secret="><script>') as path:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert "<script>" not in path.read_text()
    assert not path.exists()


def test_a_port_in_use_is_told():
    with socket.socket() as held:
        held.bind((security.HOST, 0))
        held.listen()
        with pytest.raises(UsageError, match="cannot be used") as caught:
            security.free_port(held.getsockname()[1])
    assert "--port" in caught.value.remedy


def test_any_free_port_is_found():
    assert 0 < security.free_port(0) < 65536


def test_pages_may_ask_nobody_else():
    assert "default-src 'self'" in security.POLICY and "http:" not in security.POLICY.replace("http://", "")
    assert "https" not in security.POLICY and "frame-ancestors 'none'" in security.POLICY

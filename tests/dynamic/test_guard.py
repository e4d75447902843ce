"""Only this machine's own clients are served, and refused requests look alike, down to the bytes."""

import asyncio
import json

import pytest
import uvicorn
from dynamic_fakes import FLIGHT, Fixed

from lessons_lib.dynamic import guard
from lessons_lib.dynamic.service import create_app

ROUTES = ["/health", "/metrics", "/docs", "/openapi.json", "/static-offline-docs/favicon.png", "/x"]
OWN_HOSTS = ["127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:1", "[::1]", "[::1]:65535"]
FOREIGN_HOSTS = [
    *("evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example"),
    *("evil-localhost", "notlocalhost", "localhost@evil.example", "evil.example#localhost"),
    *("127.0.0.1:80@evil", "127.0.0.1:8000:1", "localhost:", "localhost:x", "localhost:123456"),
    *("127.0.0.11", "127.0.0.1.", "localhost.", "127.1", "2130706433", "0x7f000001", "0.0.0.0"),
    *("::1", "[::1", "[::2]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "", " ", "localhost evil"),
    *("127.0.0.1, evil.example", "localhost,localhost", "192.168.0.1", "*", "null", "127x0x0x1"),
    *("127.0.0.1/", "http://127.0.0.1", "localhost\\n", "ⅼocalhost".encode(), "127.0.0.1\t"),
]
FOREIGN_ORIGINS = [
    *("null", "", "*", "http://evil.example", "https://evil.example", "http://evil.example:8000"),
    *("http://127.0.0.1", "http://127.0.0.1:8001", "https://127.0.0.1:8000", "127.0.0.1:8000"),
    *("http://localhost:8000", "http://[::1]:8000", "http://127.0.0.1:8000.evil.example"),
    *("http://127.0.0.1:8000/", "http://evil@127.0.0.1:8000", "file://", "chrome-extension://abc"),
    *("http://127.0.0.1:8000 http://evil.example", "http://127.0.0.1:8000, http://evil.example"),
]


def asked(talk, headers, path="/predict"):
    method, content = ("POST", json.dumps(FLIGHT)) if path == "/predict" else ("GET", None)
    app = create_app(predictor := Fixed())
    reply = talk(app, lambda c: c.request(method, path, content=content, headers=headers))
    return reply, predictor.asked


def is_refusal(reply, status):
    assert reply.status_code == status
    assert set(reply.json()) == {"error", "reason", "fields"}
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("host", OWN_HOSTS)
@pytest.mark.parametrize("origin", [False, True])
def test_own_clients_and_own_pages_are_served(talk, host, origin):
    headers = {"Host": host, **({"Origin": f"http://{host}".lower()} if origin else {})}
    assert asked(talk, headers)[0].status_code == 200


@pytest.mark.parametrize("host", FOREIGN_HOSTS, ids=repr)
def test_foreign_host_is_refused(talk, host):
    reply, reached = asked(talk, {"Host": host})
    is_refusal(reply, 400)
    assert reached == []


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS, ids=repr)
def test_foreign_origin_is_refused(talk, origin):
    reply, reached = asked(talk, {"Host": "127.0.0.1:8000", "Origin": origin})
    is_refusal(reply, 403)
    assert reached == []


@pytest.mark.parametrize("path", ROUTES)
def test_no_route_answers_strangers(talk, path):
    is_refusal(asked(talk, {"Host": "evil.example"}, path)[0], 400)
    is_refusal(asked(talk, {"Origin": "http://evil.example"}, path)[0], 403)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Host", "127.0.0.1"), ("Host", "127.0.0.1")], 400),
        ([("Host", "127.0.0.1"), ("Host", "evil.example")], 400),
        ([("Host", "127.0.0.1"), ("Origin", "http://127.0.0.1"), ("Origin", "http://evil")], 403),
    ],
)
def test_header_that_stands_twice_gets_nothing_past(talk, headers, status):
    is_refusal(asked(talk, headers)[0], status)


@pytest.fixture
def wire(monkeypatch):
    """Send bytes to a served application, and give what comes back until it hangs up."""
    monkeypatch.setattr(guard, "HEAD_SECONDS", 0.3)

    def run(*parts, pause=0.0):
        async def main():
            config = uvicorn.Config(create_app(Fixed()), http=guard.Http11, log_level="critical")
            config.load()
            server = uvicorn.Server(config)
            server.lifespan = config.lifespan_class(config)
            loop = asyncio.get_running_loop()

            def connection():
                return config.http_protocol_class(
                    config=config, server_state=server.server_state, app_state={}
                )

            listening = await loop.create_server(connection, "127.0.0.1", 0)
            reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
            got = b""
            for part in parts:
                writer.write(part)
                await asyncio.sleep(pause)
            async with asyncio.timeout(10):
                got = await reader.read()
            writer.close()
            listening.close()
            return got

        return asyncio.run(main())

    return run


HEAD = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        HEAD + b"Host: 127.0.0.1\r\n\r\n",
        HEAD + b"no colon\r\n\r\n",
        HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"X: " + b"x" * 100_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9 + b"\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_in_the_same_shape(wire, sent):
    head, _, body = wire(sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert set(json.loads(body)) == {"error", "reason", "fields"}


@pytest.mark.parametrize(
    "parts", [[b""], [b"G"], [HEAD], [HEAD + b"X: "] + [b"x"] * 3, [HEAD + b"\r\n", HEAD]]
)
def test_head_that_never_ends_is_given_up(wire, parts):
    *_, last = wire(*parts, pause=0.05).split(b"HTTP/1.1 ")
    assert last.startswith(b"408 ")
    assert json.loads(last.partition(b"\r\n\r\n")[2])["error"] == "slow_head"


@pytest.mark.parametrize(
    "target", [b"http://evil.example/health", b"http://127.0.0.1/health", b"*"]
)
def test_target_that_is_no_path_reaches_no_route(wire, target):
    sent = b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    assert wire(sent).startswith(b"HTTP/1.1 404 ")

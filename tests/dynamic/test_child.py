"""Inside a service's process: its answers leave at once, and what it serves is an application."""

import asyncio
import re
import socket
import threading

import pytest

from lessons_lib.dynamic import child


def test_an_answer_is_not_held_back_until_its_first_part_is_acknowledged():
    accepted = []

    async def no_delay_on_the_servers_side():
        listener = child.listen()
        server = await asyncio.start_server(lambda _, w: accepted.append(w), sock=listener)
        async with server:
            _, writer = await asyncio.open_connection(*listener.getsockname())
            while not accepted:
                await asyncio.sleep(0.001)
            there = accepted[0].get_extra_info("socket")
            option = there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for end in (writer, *accepted):
                end.close()
        return option

    assert asyncio.run(no_delay_on_the_servers_side())


def test_the_socket_may_be_inherited_and_listens_here_only():
    with child.listen() as listener:
        assert listener.get_inheritable()
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("json:dumps", "(function)"),
        ("json:JSONEncoder", "json:JSONEncoder is no application but <class"),
        ("lessons_lib.answer:Answer", "(type)"),
        ("os:path", "os:path is no application but <module"),
        ("bare_apps:text", "bare_apps:text is no application but 'bare' (str)"),
        ("bare_apps:number", "bare_apps:number is no application but 7 (int)"),
        ("bare_apps:table", "(dict)"),
        ("bare_apps:makes_nothing", "(function)"),
        ("bare_apps:forgets", "what bare_apps:forgets gives is no application but None (NoneType)"),
    ],
)
def test_what_is_no_application_is_said(name, said):
    with pytest.raises(TypeError, match=re.escape(said)):
        child.load(name)


@pytest.mark.parametrize("name", ["bare", "through", "with_defaults", "never_ready"])
def test_an_application_may_be_made_by_a_function(name):
    assert callable(child.load(f"bare_apps:{name}"))


def test_a_worker_that_is_slow_to_start_is_not_replaced_again_and_again(monkeypatch, tmp_path):
    made = []

    class Supervisor:
        def __init__(self, config, sockets):
            made.append(config)
            self.should_exit = threading.Event()

        def run(self):
            pass

    monkeypatch.setattr(child, "Multiprocess", Supervisor)
    monkeypatch.setattr(child, "on_stop", lambda ended: None)
    monkeypatch.setattr(child.sys, "path", [*child.sys.path])
    for name, value in ((child.APP, "json:dumps"), (child.WORKERS, "2"), (child.FOLDER, tmp_path)):
        monkeypatch.setenv(name, str(value))
    child.main()
    assert made[0].timeout_worker_healthcheck >= 60, "it is uvicorn's 5 s unless given"

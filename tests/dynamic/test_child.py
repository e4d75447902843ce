"""The socket of a service: its answers leave at once."""

import asyncio
import socket

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

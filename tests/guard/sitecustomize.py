"""Refuses and records every connection that leaves this machine, in each Python the tests start.

Put on PYTHONPATH by the root conftest.py, so that notebook kernels and child processes load it
too. The course promises that nothing is fetched once it is installed; this is how it is held to it.
"""

import os
import socket
import sys

LOG = os.environ.get("LESSONS_OUTSIDE_CALLS")


def is_local(address):
    """Whether an address is on this machine; file sockets and unconnected ones are."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    return host in ("localhost", "::1", "", "0.0.0.0", "::") or host.startswith("127.")


def refuse(what):
    """Write the attempt down and fail as a machine without a network would."""
    with open(LOG, "a", encoding="utf-8") as log:
        log.write(f"{what} from {os.path.basename(sys.argv[0]) if sys.argv else '?'}\n")
    raise OSError(f"The tests allow no connection to {what}.")


if LOG:
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def guarded_connect(self, address):
        return connect(self, address) if is_local(address) else refuse(address)

    def guarded_connect_ex(self, address):
        return connect_ex(self, address) if is_local(address) else refuse(address)

    def guarded_getaddrinfo(host, *args, **kwargs):
        local = host is None or is_local((host.decode() if isinstance(host, bytes) else host,))
        return getaddrinfo(host, *args, **kwargs) if local else refuse(host)

    socket.socket.connect = guarded_connect
    socket.socket.connect_ex = guarded_connect_ex
    socket.getaddrinfo = guarded_getaddrinfo

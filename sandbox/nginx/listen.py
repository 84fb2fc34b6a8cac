#!/usr/bin/env python3
"""Opens listening sockets here, then becomes a command that takes them over.

    listen.py 127.0.0.1:18080 127.0.0.1:18443 -- nsenter --net=/run/netns/node nginx -c /state/current/nginx.conf

A socket stays in the network namespace that it was opened in. So NGINX can run where Pod and Service addresses are
reachable and still take its connections where people are: it adopts the sockets that the variable NGINX names, as it
does from its own predecessor when its binary is upgraded, and keeps them over reloads.
"""

import errno
import os
import socket
import sys
import time

BACKLOG = 511  # NGINX's own default on Linux
MAX_PORT = 65535
PATIENCE_SECONDS = 1.0  # `nginx -t` binds every free address for a moment


class ListenError(Exception):
    """What is wrong with the command line, or with an address that it names."""


def parse(arguments: list[str]) -> tuple[list[tuple[str, int]], list[str]]:
    """Splits the arguments into addresses and the command."""
    if "--" not in arguments:
        raise ListenError("usage: listen.py ADDR:PORT [ADDR:PORT...] -- COMMAND...")
    cut = arguments.index("--")
    addresses, command = [parse_address(text) for text in arguments[:cut]], arguments[cut + 1 :]
    if not addresses or not command:
        raise ListenError("usage: listen.py ADDR:PORT [ADDR:PORT...] -- COMMAND...")
    return addresses, command


def parse_address(text: str) -> tuple[str, int]:
    """Reads `127.0.0.1:80`, or `[::1]:80`."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
        raise ListenError(f"{text!r} is not an address; accepted: ADDR:PORT, such as 127.0.0.1:18080")
    return host.strip("[]"), int(port)


def open_socket(host: str, port: int) -> socket.socket:
    """Opens one listening socket that survives exec."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    bind(listener, host, port)
    listener.listen(BACKLOG)
    listener.setblocking(False)
    listener.set_inheritable(True)
    return listener


def bind(listener: socket.socket, host: str, port: int) -> None:
    """Binds, with some patience for an address that is about to be free."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (fault := try_to_bind(listener, host, port)) is not None:
        if fault.errno != errno.EADDRINUSE:
            raise ListenError(f"cannot listen on {host} port {port}: {fault.strerror}") from fault
        if time.monotonic() > deadline:
            raise ListenError(
                f"port {port} of {host} is taken by another program; stop that program "
                f"(`ss -ltnp 'sport = :{port}'` names it), or choose another port"
            ) from fault
        time.sleep(0.02)


def try_to_bind(listener: socket.socket, host: str, port: int) -> OSError | None:
    """Binds once; returns what is in the way."""
    try:
        listener.bind((host, port))
    except OSError as error:
        return error
    return None


def main() -> None:
    """Opens the sockets and becomes the command."""
    addresses, command = parse(sys.argv[1:])
    descriptors = [open_socket(host, port).detach() for host, port in addresses]
    os.environ["NGINX"] = "".join(f"{descriptor};" for descriptor in descriptors)
    os.environ["LISTEN_FDS"] = str(len(descriptors))
    try:
        os.execvp(command[0], command)  # noqa: S606 - to become the command is what this is for
    except OSError as error:
        raise ListenError(f"cannot run {command[0]}: {error.strerror}") from error


if __name__ == "__main__":
    try:
        main()
    except ListenError as failure:
        sys.exit(f"listen.py: {failure}")

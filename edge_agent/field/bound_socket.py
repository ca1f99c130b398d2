"""A TCP connection by one network interface: a modem's route is taken although the cable's is the default one."""

import socket


def connect(host: str, port: int, timeout_s: float, interface: str) -> socket.socket:
    """Connect by `interface` alone (SO_BINDTODEVICE, socket(7)), which since Linux 5.7 needs no privilege.

    The host's name, if it is one, is looked up by the default route. Raises OSError; ENODEV: no such interface.
    """
    fault: OSError = OSError(f"{host}: no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
            made.settimeout(timeout_s)
            made.connect(address)
        except OSError as why:
            fault = why
            made.close()
        else:
            return made
    raise fault

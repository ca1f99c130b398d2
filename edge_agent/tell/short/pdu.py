"""Short messages as they travel (3GPP TS 23.040): SUBMIT out, STATUS-REPORT back. Pure.

One message is one unit: 160 characters of the 7-bit alphabet or 70 of UCS2; whoever calls keeps within that.
"""

from msgspec import Struct

GSM_MOST, UCS2_MOST = 160, 70
# Characters whose number in the GSM 7-bit default alphabet (TS 23.038, 6.2.1) is that of ASCII.
SAME = frozenset(" !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\n\r")
# SUBMIT, validity relative, a status report asked for (9.2.3.1, .3, .5).
FIRST = 0x01 | 0x10 | 0x20
ONE_HOUR = 11  # 9.2.3.12.1: (value + 1) * 5 minutes; what is older helps nobody
UCS2 = 0x08  # data coding scheme, TS 23.038 4
INTERNATIONAL, UNKNOWN = 0x91, 0x81  # 9.1.2.5
STATUS_REPORT = 0x02
TRYING, PERMANENT = 0x20, 0x40  # 9.2.3.15: from here on the centre is still trying; it has given up


class Report(Struct, frozen=True):
    """What the message centre says of the message `reference` to `number`. `trying`: nothing final yet."""

    reference: int
    number: str
    arrived: bool
    trying: bool


def is_plain(text: str) -> bool:
    """Whether it can go in the 7-bit alphabet."""
    return SAME.issuperset(text)


def fitted(text: str) -> str:
    """The text cut to what one message holds; UCS2 counts UTF-16 units."""
    if is_plain(text):
        return text[:GSM_MOST]
    units = text.encode("utf-16-be")[: 2 * UCS2_MOST]
    return units.decode("utf-16-be", errors="ignore")


def submit(number: str, text: str) -> tuple[str, int]:
    """The unit in hexadecimal, the centre's own number left to the modem, and the octets without that."""
    content = _packed(text) if is_plain(text) else text.encode("utf-16-be")
    length = len(text) if is_plain(text) else len(content)
    body = bytes([FIRST, 0]) + _address(number)
    body += bytes([0, 0 if is_plain(text) else UCS2, ONE_HOUR, length]) + content
    return (b"\0" + body).hex().upper(), len(body)


def report(text: str) -> Report | None:
    """A status report in hexadecimal; None for any other unit, or one that cannot be read."""
    try:
        unit = bytes.fromhex(text)
        at = 1 + unit[0]
        if unit[at] & 0x03 != STATUS_REPORT:
            return None
        digits, kind = unit[at + 2], unit[at + 3]
        end = at + 4 + (digits + 1) // 2
        number = _digits(unit[at + 4 : end])[:digits]
        status = unit[end + 14]  # behind two times of seven octets
    except (ValueError, IndexError):
        return None
    return Report(
        reference=unit[at + 1],
        number=f"+{number}" if kind == INTERNATIONAL else number,
        arrived=status < TRYING,
        trying=TRYING <= status < PERMANENT,
    )


def _address(number: str) -> bytes:
    digits = number.removeprefix("+")
    kind = INTERNATIONAL if number.startswith("+") else UNKNOWN
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2))
    return bytes([len(digits), kind]) + bytes.fromhex(swapped)


def _digits(octets: bytes) -> str:
    pairs = octets.hex()
    return "".join(pairs[at + 1] + pairs[at] for at in range(0, len(pairs), 2))


def _packed(text: str) -> bytes:
    """Seven bits a character, the first in the lowest bits (TS 23.038, 6.1.2.1.1)."""
    bits = 0
    for place, character in enumerate(text):
        bits |= ord(character) << (7 * place)
    return bits.to_bytes((7 * len(text) + 7) // 8, "little")

"""A fully convolutional detector's ONNX file for another side of its input. Pure: bytes in, bytes out.

YOLOX has no layer that knows how large its picture is; the file does, in three places: the shape of its input,
that of its output, and where the cells of each level are put in one row. These are rewritten, nothing else: the
weights stay as they are, byte for byte. The file is Protocol Buffers, of which only the envelope is read here
(protobuf.dev, "Encoding"); field numbers are those of onnx.proto3.
"""

import struct
from collections.abc import Callable, Iterator, Mapping

from edge_agent.ops.model.shelf import BadShelf
from edge_agent.sense.camera.heads import STRIDES

VARINT, EIGHT, BYTES, FOUR = 0, 1, 2, 5  # wire types
FIXED = {EIGHT: 8, FOUR: 4}  # bytes
GRAPH = 7  # of a model
INITIALIZER, INPUT, OUTPUT = 5, 11, 12  # of a graph
TYPE, TENSOR_TYPE, SHAPE, DIMENSION, VALUE = 2, 1, 2, 1, 1  # of what goes in and comes out, down to one length
DATA_TYPE, RAW = 2, 9  # of an initializer
INT64 = 7  # its data type
ROW_DIMS = 3  # batch, channels, cells: the shape that a level is given
Field = tuple[int, int, int | bytes]  # number, wire type, value
Edit = Callable[[bytes], bytes]


def of_side(file: bytes, old: int, new: int) -> bytes:
    """The same detector for pictures of `new` x `new` pixels instead of `old` x `old`. Raises BadShelf."""
    before, after = _cells(old), _cells(new)
    lengths = {old: new, sum(before): sum(after)}
    rows = dict(zip(before, after, strict=True))
    changed: list[int] = []

    def shape(part: bytes) -> bytes:
        return _nested(part, (TYPE, TENSOR_TYPE, SHAPE, DIMENSION), lambda one: _length(one, lengths, changed))

    def graph(part: bytes) -> bytes:
        edits: dict[int, Edit] = {INPUT: shape, OUTPUT: shape, INITIALIZER: lambda one: _row(one, rows)}
        return _edited(part, edits)

    try:
        made = _edited(file, {GRAPH: graph})
    except (IndexError, struct.error, ValueError) as fault:
        raise BadShelf(f"不是 ONNX 文件 not an ONNX file: {fault}") from fault
    if sorted(changed) != sorted([old, old, sum(before)]):
        raise BadShelf(
            f"模型输入不是 {old} x {old} the model's input is not {old} x {old}, or its head is no YOLOX"
        )
    return made


def _cells(side: int) -> tuple[int, ...]:
    """Cells of each level."""
    return tuple((side // stride) ** 2 for stride in STRIDES)


def _length(part: bytes, lengths: Mapping[int, int], changed: list[int]) -> bytes:
    """One length of a shape."""
    found: list[Field] = []
    for number, wire, value in _fields(part):
        if number == VALUE and isinstance(value, int) and value in lengths:
            changed.append(value)
            found.append((number, wire, lengths[value]))
        else:
            found.append((number, wire, value))
    return _joined(found)


def _row(part: bytes, rows: Mapping[int, int]) -> bytes:
    """An initializer; the shape that puts a level's cells in one row gets as many as there now are."""
    values = _int64s(list(_fields(part)))
    if len(values) != ROW_DIMS or values[2] not in rows:
        return part
    raw = struct.pack("<3q", values[0], values[1], rows[values[2]])
    kept = [field for field in _fields(part) if field[0] != RAW]
    return _joined([*kept, (RAW, BYTES, raw)])


def _int64s(fields: list[Field]) -> tuple[int, ...]:
    """What an initializer of whole numbers holds; nothing of another one."""
    if not any(number == DATA_TYPE and value == INT64 for number, _, value in fields):
        return ()
    raw = next((value for number, _, value in fields if number == RAW and isinstance(value, bytes)), b"")
    return struct.unpack(f"<{len(raw) // 8}q", raw) if raw and len(raw) % 8 == 0 else ()


def _nested(part: bytes, path: tuple[int, ...], edit: Edit) -> bytes:
    """`part` with what lies at `path` in it edited."""
    first, *rest = path
    inner = edit if not rest else lambda one: _nested(one, tuple(rest), edit)
    return _edited(part, {first: inner})


def _edited(part: bytes, edits: Mapping[int, Edit]) -> bytes:
    """`part` with its messages of these numbers edited, everything else as it was and where it was."""
    found: list[Field] = []
    for number, wire, value in _fields(part):
        edit = edits.get(number)
        found.append((number, wire, edit(value) if edit and isinstance(value, bytes) else value))
    return _joined(found)


def _fields(part: bytes) -> Iterator[Field]:
    """The fields of one message, in their order."""
    at = 0
    while at < len(part):
        key, at = _varint(part, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = _varint(part, at)
            yield number, wire, value
            continue
        if wire != BYTES and wire not in FIXED:
            raise ValueError(f"wire type {wire}")
        size = FIXED.get(wire)
        if size is None:
            size, at = _varint(part, at)
        if at + size > len(part):
            raise ValueError("it ends too early")
        yield number, wire, part[at : at + size]
        at += size


def _joined(fields: list[Field]) -> bytes:
    made = bytearray()
    for number, wire, value in fields:
        made += _packed(number << 3 | wire)
        if isinstance(value, int):
            made += _packed(value)
        else:
            made += (_packed(len(value)) if wire == BYTES else b"") + value
    return bytes(made)


def _varint(part: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where it ends."""
    value = shift = 0
    while True:
        byte = part[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at


def _packed(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*made, value))

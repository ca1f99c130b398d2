"""The wire format, put together from its public definition: what of Sparkplug's `Payload` this unit uses.

Source: sparkplug_b.proto of the Sparkplug 3.0 specification (chapter 6.4, "Google Protocol Buffer schema"),
package org.eclipse.tahu.protobuf, syntax proto2. Field numbers and types are its; data sets, templates and
extensions are left out, since the unit sends none and a reader skips fields that it does not know.
"""

from enum import IntEnum
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

PACKAGE = "org.eclipse.tahu.protobuf"


class DataType(IntEnum):
    """What a metric's value is (6.4.16, "Sparkplug data types"): those that the unit uses."""

    INT32 = 3
    INT64 = 4
    UINT64 = 8
    DOUBLE = 10
    BOOLEAN = 11
    STRING = 12


_UINT32, _UINT64 = FieldDescriptorProto.TYPE_UINT32, FieldDescriptorProto.TYPE_UINT64
_FLOAT, _DOUBLE = FieldDescriptorProto.TYPE_FLOAT, FieldDescriptorProto.TYPE_DOUBLE
_BOOL, _STRING = FieldDescriptorProto.TYPE_BOOL, FieldDescriptorProto.TYPE_STRING
_BYTES, _MESSAGE = FieldDescriptorProto.TYPE_BYTES, FieldDescriptorProto.TYPE_MESSAGE
_MANY, _ONE = FieldDescriptorProto.LABEL_REPEATED, FieldDescriptorProto.LABEL_OPTIONAL


def _field(message: DescriptorProto, name: str, number: int, kind: Any, of: str = "") -> FieldDescriptorProto:
    field: FieldDescriptorProto = message.field.add()
    field.name, field.number, field.type, field.label = name, number, kind, _ONE
    if of:
        field.type_name = f".{PACKAGE}.Payload.{of}"
    return field


def _values(message: DescriptorProto, first: int) -> None:
    """The oneof of a value: each as the wire carries it; integers of 32 bits and less in `int_value`."""
    message.oneof_decl.add().name = "value"
    kinds = (
        ("int_value", _UINT32),
        ("long_value", _UINT64),
        ("float_value", _FLOAT),
        ("double_value", _DOUBLE),
        ("boolean_value", _BOOL),
        ("string_value", _STRING),
    )
    for number, (name, kind) in enumerate(kinds, first):
        _field(message, name, number, kind).oneof_index = 0


def _file() -> FileDescriptorProto:
    file = FileDescriptorProto(name="sparkplug_b.proto", package=PACKAGE, syntax="proto2")
    payload = file.message_type.add()
    payload.name = "Payload"
    value = payload.nested_type.add()
    value.name = "PropertyValue"
    _field(value, "type", 1, _UINT32)
    _field(value, "is_null", 2, _BOOL)
    _values(value, 3)
    properties = payload.nested_type.add()
    properties.name = "PropertySet"
    _field(properties, "keys", 1, _STRING).label = _MANY
    _field(properties, "values", 2, _MESSAGE, "PropertyValue").label = _MANY
    metric = payload.nested_type.add()
    metric.name = "Metric"
    _field(metric, "name", 1, _STRING)
    _field(metric, "alias", 2, _UINT64)
    _field(metric, "timestamp", 3, _UINT64)
    _field(metric, "datatype", 4, _UINT32)
    _field(metric, "is_historical", 5, _BOOL)
    _field(metric, "is_transient", 6, _BOOL)
    _field(metric, "is_null", 7, _BOOL)
    _field(metric, "properties", 9, _MESSAGE, "PropertySet")
    _values(metric, 10)
    _field(payload, "timestamp", 1, _UINT64)
    _field(payload, "metrics", 2, _MESSAGE, "Metric").label = _MANY
    _field(payload, "seq", 3, _UINT64)
    _field(payload, "uuid", 4, _STRING)
    _field(payload, "body", 5, _BYTES)
    return file


_POOL = DescriptorPool()
_POOL.Add(_file())
# A message class that is made here has no static type.
Payload: Any = GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.Payload"))

"""What the shapes of the API are made of."""

from typing import Annotated

from msgspec import Meta, Struct

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Secret = Annotated[str, Meta(min_length=1, max_length=256)]
KeyText = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}$", description="base64url of the raw P-256 public key")]
KeyId = Annotated[str, Meta(min_length=1, max_length=128)]
Signature = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{86}$", description="base64url of r||s, 64 bytes")]
FormText = Annotated[str, Meta(min_length=2, max_length=176 * 1024, description="the form as signed: JSON text")]


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to the box: a field that is not known is refused."""

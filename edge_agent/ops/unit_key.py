"""The unit's own signing key: made at its first start, never leaves the state folder, readable by nobody else."""

import logging
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from edge_agent.store.folder import put
from edge_agent.tell.signing import public_text

log = logging.getLogger(__name__)

NAME = "unit-key.pem"


def unit_key(state_folder: Path) -> OKPKey:
    """The key; a new one where there is none. Raises OSError where the folder cannot be written.

    One that cannot be used is moved aside and replaced: a box guards whatever became of its key, and the centre
    sees from the new public half in up/audit that it is another.
    """
    path = state_folder / NAME
    try:
        return read_key(path)
    except FileNotFoundError:
        return _made(path)
    except (OSError, ValueError, JoseError) as fault:
        aside = path.with_suffix(".unusable")
        log.critical("the unit's key %s cannot be used (%s): moved to %s, a new one is made", path, fault, aside)
        path.replace(aside)
        return _made(path)


def read_key(path: Path) -> OKPKey:
    """The key in that file. Raises OSError, ValueError, JoseError."""
    key = OKPKey.import_key(path.read_bytes())
    if not key.is_private or key.curve_name != "Ed25519":
        raise ValueError("no private Ed25519 key")
    return key


def _made(path: Path) -> OKPKey:
    """On the disk whole or not at all: a kill in between leaves none, and the next start makes one."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    put(path, pem, 0o600)
    key = OKPKey.import_key(pem)
    log.warning("a new key of this unit was made; its public half is %s", public_text(key))
    return key

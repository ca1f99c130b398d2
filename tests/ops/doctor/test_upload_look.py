"""The doctor at the store for copies of evidence: there, lets us in, or says what stands in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edge_agent.ops.doctor.box import upload_look
from edge_agent.settings.site_upload import UploadTable
from tests.support.object_store import ID, SECRET, Fault, ObjectStore, says
from tests.support.story import scenario_site

DENIED = says(403, b"<Error><Code>AccessDenied</Code></Error>")
NOWHERE = says(404, b"<Error><Code>NoSuchBucket</Code></Error>")
STRANGER = says(403, b"<Error><Code>InvalidAccessKeyId</Code></Error>")


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., UploadTable]:
    keys = tmp_path / "keys"
    keys.write_text(f"{ID}\n{SECRET}\n")
    return lambda store, **more: UploadTable(**{"url": store.url, "keys_file": str(keys), "plain": True} | more)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (None, "fine"),
        (DENIED, "fine"),
        (STRANGER, "store"),
        (NOWHERE, "store"),
    ],
    ids=["let in", "may only write", "stranger", "no bucket"],
)
def test_a_bucket(table: Callable[..., UploadTable], fault: Fault | None, code: str) -> None:
    with ObjectStore() as store:
        store.faults.append(fault)
        (found,) = upload_look(scenario_site(), table(store))
        assert found.code == code
        assert not store.objects
        assert "transfer-encoding" not in store.headers[0]
    assert next(iter(upload_look(scenario_site(), table(store)))).part == "upload"


def test_whoever_signs_addresses(table: Callable[..., UploadTable]) -> None:
    with ObjectStore() as store:
        store.faults.extend([says(405), says(401)])
        signer = table(store, kind="presigned", keys_file=None)
        assert [next(iter(upload_look(scenario_site(), signer))).code for _ in range(2)] == ["fine", "store"]

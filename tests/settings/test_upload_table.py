"""[upload]: an address over TLS, keys in a closed file, and only masked copies unless the site says more."""

from pathlib import Path

import pytest

from edge_agent.settings import load as settings

TABLE = '[upload]\nurl = "https://127.0.0.1:9000/evidence"\nkeys_file = "secrets/upload.keys"\n'


def found(root: Path, site: Path, added: str, *, mode: int = 0o600) -> list[str]:
    keys = site / "secrets" / "upload.keys"
    keys.parent.mkdir(exist_ok=True)
    keys.write_text("id\nsecret\n", encoding="utf-8")
    keys.chmod(mode)
    file = site / "site.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{added}\n", encoding="utf-8")
    return [one.key for one in settings.check(site, root)]


def test_masked_copies_alone_and_a_whole_path_to_the_keys(root: Path, site: Path) -> None:
    assert found(root, site, TABLE) == []
    table = settings.load(site, root).site.upload
    assert table is not None
    assert table.what == ("masked",)
    assert table.keys_file == str((site / "secrets" / "upload.keys").resolve())


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://127.0.0.1:9000/evidence", "upload.url"),
        ("https://127.0.0.1:9000/", "upload.url"),
        ("https://127.0.0.1:99999/evidence", "upload.url"),
        ("https://user:secret@127.0.0.1/evidence", "upload.url"),
        ("https://127.0.0.1/evidence?key=1", "upload.url"),
        ("ftp://127.0.0.1/evidence", "upload.url"),
        ("https://elsewhere.example/evidence", "upload.url"),  # a demo site reaches nothing but itself
    ],
)
def test_an_address_that_cannot_be_used_is_refused(root: Path, site: Path, url: str, key: str) -> None:
    assert found(root, site, TABLE.replace("https://127.0.0.1:9000/evidence", url)) == [key]


def test_http_is_for_a_trial_that_says_so(root: Path, site: Path) -> None:
    assert found(root, site, TABLE.replace("https", "http") + "plain = true\n") == []


@pytest.mark.parametrize(
    ("added", "keys"),
    [
        ('keys_file = "secrets/nowhere"\n', ["upload.keys_file"]),
        ("", ["upload.keys_file"]),
        ('kind = "presigned"\ntoken_file = "secrets/nowhere"\n', ["upload.token_file"]),
        ('kind = "presigned"\ntoken_file = "/var/lib/edge-agent/unit.key"\n', ["upload.token_file"]),
        ('kind = "presigned"\nclient_cert = "secrets/upload.keys"\n', ["upload.client_key"]),
        ('keys_file = "secrets/upload.keys"\nca = "nowhere"\n', ["upload.ca"]),
        ('keys_file = "secrets/upload.keys"\nwhat = ["all"]\n', ["upload.what[#1]"]),
        ('keys_file = "secrets/upload.keys"\npart_mb = 1\n', ["upload.part_mb"]),
        # Nothing is filmed.
        ('keys_file = "secrets/upload.keys"\nwhat = ["masked", "masked_clips"]\n', ["upload.what"]),
    ],
)
def test_what_is_missing_or_beyond_its_range_is_named(root: Path, site: Path, added: str, keys: list[str]) -> None:
    assert found(root, site, TABLE.replace('keys_file = "secrets/upload.keys"\n', added)) == keys


def test_keys_that_others_may_read_are_refused(root: Path, site: Path) -> None:
    assert found(root, site, TABLE, mode=0o640) == ["upload.keys_file"]


@pytest.mark.parametrize(
    ("added", "keys"),
    [
        ('hosts = ["models.example", "10.0.0.7:8443"]\n', []),
        ("hosts = []\n", ["fetch.hosts"]),
        ('hosts = ["https://models.example/"]\n', ["fetch.hosts[#1]"]),
        ('hosts = ["models.example"]\nca = "nowhere"\n', ["fetch.ca"]),
        ('hosts = ["models.example"]\nclient_cert = "secrets/upload.keys"\n', ["fetch.client_key"]),
        ('hosts = ["models.example"]\nurl = "x"\n', ["fetch.url"]),
    ],
)
def test_models_are_fetched_from_named_hosts_alone(root: Path, site: Path, added: str, keys: list[str]) -> None:
    assert found(root, site, "[fetch]\n" + added) == keys


def test_a_backup_is_sent_only_where_there_is_a_store(root: Path, site: Path) -> None:
    backup = f'[backup]\ninto = "/var/lib/edge-agent/backups"\nrecipient = "{"x" * 43}"\nsend = true\n'
    assert found(root, site, backup) == ["backup.send"]
    assert found(root, site, TABLE) == []

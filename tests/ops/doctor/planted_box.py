"""Faults of the box itself and of its ways, planted for real: disks, records, brokers, networks, clocks."""

import ctypes
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from edge_agent.clock import Instant, SystemClock
from edge_agent.ops.doctor import machine, network_facts, timekeeping
from edge_agent.ops.doctor.finding import Finding
from edge_agent.ops.folders import DATABASE
from edge_agent.settings.site import Settings
from edge_agent.settings.site_brokers import UplinkTable
from edge_agent.settings.site_itself import ClockTable
from edge_agent.store.batch import Batch
from edge_agent.store.chain import GENESIS
from edge_agent.store.store import Store
from tests.ops.doctor.conftest import ROOT, Field
from tests.support.broker import Mosquitto
from tests.support.store_values import entries, event

CLONE_NEWNET = 0x40000000  # linux/sched.h


class Bench:
    """What a planter works with: the healthy field, a folder, and what is undone at the end."""

    def __init__(self, field: Field, folder: Path, patch: pytest.MonkeyPatch, held: ExitStack) -> None:
        self.field, self.folder, self.patch, self.held = field, folder, patch, held
        self.clock: SystemClock = SystemClock(declared=True)
        self.root = ROOT
        self.space: str | None = None  # the network namespace in which the doctor looks


Plant = Callable[[Bench], Settings]


def keeping(settings: Settings, folder: Path) -> Settings:
    return replace(
        settings, site=replace(settings.site, folders=replace(settings.site.folders, state=str(folder)))
    )


# -- disks --------------------------------------------------------------------------------------------------------


def disk(
    bench: Bench, *, options: str = "", make: tuple[str, ...] = (), spoil: Callable[[Path], object] | None = None
) -> Settings:
    """A real ext4 of 8 MB, loop-mounted; the state folder lies on it."""
    image, place = bench.folder / "disk", bench.folder / "mounted"
    image.write_bytes(b"")
    os.truncate(image, 8 * 2**20)
    place.mkdir()
    as_root(["mkfs.ext4", "-q", *make, str(image)])
    as_root(["mount", "-o", f"loop{options}", str(image), str(place)])
    bench.held.callback(subprocess.run, ["umount", "-l", str(place)], check=True)
    if spoil is not None:
        spoil(place)
    return keeping(bench.field.only(), place)


def as_root(command: list[str]) -> None:
    """Run it, or skip with the machine's own words: a container may not be let."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount and make networks")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"{command[0]} is not allowed on this machine: {done.stderr.strip()}")


def fill(place: Path) -> None:
    with (place / "others").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(2**16))
        except OSError:
            pass


def crowd(place: Path) -> None:
    try:
        for number in range(10_000):
            (place / f"f{number}").touch()
    except OSError:
        pass


# -- records ------------------------------------------------------------------------------------------------------


def records(bench: Bench, spoil: Callable[[Path], None]) -> Settings:
    """Records as an agent wrote them, then spoilt."""
    folder = bench.folder / "state"
    folder.mkdir()
    path = folder / DATABASE
    with Store.open(path) as store:
        store.commit(Batch(audit=entries([event(seq, text="x" * 900) for seq in range(1, 60)], GENESIS)))
    spoil(path)
    return keeping(bench.field.only(), folder)


def scribble(path: Path) -> None:
    """A card that lost some blocks."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(20_000))


def altered(path: Path) -> None:
    said(
        path,
        "UPDATE audit SET body = CAST(replace(CAST(body AS TEXT), 'permit.paused', 'permit.closed') AS BLOB) "
        "WHERE n = 20",
    )


def said(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as file:
        file.execute(sql)
    file.close()


# -- brokers ------------------------------------------------------------------------------------------------------


def openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def authority(folder: Path, name: str = "ca") -> Path:
    crt = folder / f"{name}.crt"
    openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
        "-subj", f"/CN={name}", "-keyout", str(folder / f"{name}.key"), "-out", str(crt),
    )  # fmt: skip
    return crt


def certificate(folder: Path, name: str, *, host: str = "IP:127.0.0.1", days: str = "20") -> Path:
    """Signed by `ca` in the folder; `days` may lie in the past."""
    key, request, crt = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.crt"
    openssl(
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", f"/CN={name}",
        "-keyout", str(key), "-out", str(request),
    )  # fmt: skip
    names = folder / f"{name}.ext"
    names.write_text(f"subjectAltName={host}\n")
    openssl(
        "x509", "-req", "-in", str(request), "-CA", str(folder / "ca.crt"), "-CAkey", str(folder / "ca.key"),
        "-CAcreateserial", "-days", days, "-extfile", str(names), "-out", str(crt),
    )  # fmt: skip
    return crt


def encrypted(
    bench: Bench, *, extra: str = "allow_anonymous true", table: dict[str, str] | None = None, **how: str
) -> Settings:
    """The centre's broker behind TLS; `how` is what its certificate is like, `table` what the settings say."""
    authority(bench.folder)
    certificate(bench.folder, "broker", **how)
    at = bench.folder
    tls = f"cafile {at}/ca.crt\ncertfile {at}/broker.crt\nkeyfile {at}/broker.key"
    running = bench.held.enter_context(Mosquitto(at / "b", tls=tls, extra=extra))
    said_of = {"ca": f"{at}/ca.crt"} if table is None else table
    return bench.field.only(uplink=UplinkTable(host="127.0.0.1", port=running.port, **said_of))


def with_other_ca(bench: Bench) -> Settings:
    return encrypted(bench, table={"ca": str(authority(bench.folder, "other"))})


def ruled(bench: Bench, acl: str) -> Settings:
    """The centre's broker lets the unit in, and grants what `acl` says."""
    secret, known, rules = bench.folder / "secret", bench.folder / "passwd", bench.folder / "acl"
    secret.write_text("right\n")
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(known), "box", "right"], check=True, capture_output=True)
    rules.write_text(f"user box\n{acl}")
    extra = f"allow_anonymous false\npassword_file {known}\nacl_file {rules}"
    running = bench.held.enter_context(Mosquitto(bench.folder / "b", extra=extra))
    table = UplinkTable(host="127.0.0.1", port=running.port, username="box", password_file=str(secret))
    return bench.field.only(uplink=table)


def wrong_password(bench: Bench) -> Settings:
    settings = ruled(bench, "topic readwrite #\n")
    (bench.folder / "secret").write_text("wrong\n")
    return settings


# -- networks -----------------------------------------------------------------------------------------------------

FAR, HERE, NEAR, GATE = "192.0.2.7", "10.77.0.2", "10.77.0.9", "10.77.0.1"


def network(bench: Bench, *lines: str, host: str = FAR) -> Settings:
    """A namespace of its own with eth0; `lines` are ip's words within."""
    space = f"doc{os.getpid()}{bench.folder.name[-8:]}".replace("_", "")[:24]
    as_root(["ip", "netns", "add", space])
    bench.held.callback(subprocess.run, ["ip", "netns", "del", space], check=True)
    as_root(["ip", "-n", space, "link", "set", "lo", "up"])
    as_root(["ip", "-n", space, "link", "add", "eth0", "type", "veth", "peer", "name", "port0"])
    for line in lines:
        as_root(["ip", "-n", space, *line.split()])
    bench.space = space
    table = UplinkTable(host=host, port=1883)
    return bench.field.only(uplink=table, field_broker=table)


UP = ("link set port0 up", "link set eth0 up")
ADDRESS = (*UP, f"addr add {HERE}/24 dev eth0")


def switch(bench: Bench, *, isolated: bool) -> Settings:
    """A switch with the box, a gateway and two devices, each in a namespace; ports may be kept apart."""
    settings = network(bench)
    space = str(bench.space)
    hub, ends = f"{space}h", {"g": GATE, "a": NEAR, "c": "10.77.0.10"}
    made = [hub, *(f"{space}{end}" for end in ends)]
    for name in made:
        as_root(["ip", "netns", "add", name])
        bench.held.callback(subprocess.run, ["ip", "netns", "del", name], check=True)
    as_root(["ip", "-n", hub, "link", "add", "br0", "type", "bridge"])
    as_root(["ip", "-n", hub, "link", "set", "br0", "up"])
    as_root(["ip", "-n", space, "link", "set", "port0", "netns", hub, "name", "pbox"])
    plugged(hub, "pbox", isolated=isolated)
    for end, address in ends.items():
        far = f"{space}{end}"
        as_root(["ip", "-n", far, "link", "add", "eth0", "type", "veth", "peer", "name", f"p{end}", "netns", hub])
        as_root(["ip", "-n", far, "addr", "add", f"{address}/24", "dev", "eth0"])
        as_root(["ip", "-n", far, "link", "set", "eth0", "up"])
        plugged(hub, f"p{end}", isolated=isolated and end != "g")
    as_root(["ip", "-n", space, "link", "set", "eth0", "up"])
    as_root(["ip", "-n", space, "addr", "add", f"{HERE}/24", "dev", "eth0"])
    as_root(["ip", "-n", space, "route", "add", "default", "via", GATE])
    site = settings.site
    near = UplinkTable(host=NEAR, port=1883)
    return replace(settings, site=replace(site, uplink=near, field_broker=replace(near, host="10.77.0.10")))


def plugged(hub: str, port: str, *, isolated: bool) -> None:
    as_root(["ip", "-n", hub, "link", "set", port, "master", "br0", "up"])
    if isolated:
        as_root(["bridge", "-n", hub, "link", "set", "dev", port, "isolated", "on"])


def within(space: str | None, work: Callable[[], list[Finding]]) -> list[Finding]:
    """Do it in that network namespace: threads begin where their maker stands."""
    if space is None:
        return work()
    done: list[list[Finding]] = []

    def there() -> None:
        with Path(f"/run/netns/{space}").open("rb") as door:
            assert ctypes.CDLL(None, use_errno=True).setns(door.fileno(), CLONE_NEWNET) == 0
        done.append(work())

    worker = threading.Thread(target=there)
    worker.start()
    worker.join(60)
    return done[0]


def without_name_server(bench: Bench) -> Settings:
    nothing = bench.folder / "resolv.conf"
    nothing.write_text("# written by nobody\n")
    bench.patch.setattr(network_facts, "RESOLV", nothing)
    return network(bench, *ADDRESS, host="broker.plant.example")


def silent_name_server(bench: Bench) -> Settings:
    told = bench.folder / "resolv.conf"
    told.write_text(f"nameserver {NEAR}\n")
    bench.patch.setattr(network_facts, "RESOLV", told)
    return network(bench, *ADDRESS, host="broker.plant.example")


# -- the board, by files as its kernel writes them ----------------------------------------------------------------


def board(look: str, file: str, text: str) -> Plant:
    """What is read in a file within /sys."""

    def plant(bench: Bench) -> Settings:
        sys = bench.folder / "sys"
        path = sys / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        bench.patch.setattr(machine, look, partial(getattr(machine, look), sys))
        return bench.field.only()

    return plant


class Untrusted(SystemClock):
    """The kernel says that nobody keeps its clock."""

    def instant(self) -> Instant:
        return replace(super().instant(), trusted=False)


def clock(bench: Bench, *, keeper: str = "", chip: int | None = None) -> Settings:
    """A site that trusts the kernel; `keeper` is a real process of that name, `chip` what the RTC says."""
    settings = bench.field.only()
    if keeper:
        program = bench.folder / keeper
        shutil.copy(str(shutil.which("sleep")), program)
        process = subprocess.Popen([str(program), "60"])
        bench.held.callback(process.wait)
        bench.held.callback(process.kill)
    if chip is None:
        bench.clock = Untrusted(declared=True)
    else:
        file = bench.folder / "class/rtc/rtc0/since_epoch"
        file.parent.mkdir(parents=True)
        file.write_text(f"{chip}\n")
        kept = timekeeping.Discipline(synchronised=True, offset_s=0.001, error_s=0.02, drift_ppm=3.0)
        bench.patch.setattr(timekeeping, "look", partial(timekeeping.look, sys=bench.folder, told=kept))
    return replace(settings, site=replace(settings.site, clock=ClockTable(source="kernel")))


def no_date(bench: Bench) -> Settings:
    bench.clock = SystemClock(declared=True, utc=lambda: 0.0)
    return bench.field.only()


@contextmanager
def bench_of(field: Field, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with ExitStack() as held:
        yield Bench(field, folder, patch, held)

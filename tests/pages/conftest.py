"""A browser; a box that is real from the field to the page; and one whose desk and pictures are the test's."""

import re
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from edge_agent.ops.demo.stage import Stage
from tests.pages.phone import CHROMIUM, Phone, launch
from tests.pages.trusting import chromium, installed
from tests.support.board_world import Folder
from tests.support.desk_peer import DeskPeer
from tests.support.pages import Served, emptied, make_site, panel_cookie
from tests.system.conftest import anywhere
from tests.system.site import Site
from web_ui.sessions import COOKIE

collect_ignore = [] if CHROMIUM else ["test_a_job_is_played.py", "test_link.py"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what its people saw, and what the box's processes wrote."""
    report = yield
    if report.failed and isinstance(item, pytest.Function):
        report.sections += [("screen", phone.told()) for phone in Phone.used]
        report.sections += [(log.name, log.read_text("utf-8", "replace")[-2000:]) for log in logs(item)]
    return report


def logs(test: pytest.Function) -> list[Path]:
    """Of the boxes that this test has."""
    stages = [getattr(one, "stage", one) for one in test.funcargs.values()]
    folders = [one.agent.log.parent for one in stages if isinstance(one, Stage)]
    return [log for folder in folders for log in sorted(folder.glob("*.log"))]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """While it runs, no other test of this process can start it."""
    if CHROMIUM is None:
        pytest.skip("chromium-headless-shell is not installed (make test installs it)")
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    one = launch(playwright)
    yield one
    one.close()


@pytest.fixture(scope="module")
def knowing(playwright: Playwright, box: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose owner has installed the box's certificate."""
    home = tmp_path_factory.mktemp("home")
    installed(box, home)
    with chromium(playwright, home) as one:
        yield one


@contextmanager
def stage(people: Callable[[str], str] = str) -> Iterator[Stage]:
    """The demo's box from the field to the pages, on ports of the kernel's choice; `people` edits who is known."""
    if shutil.which("mosquitto", path="/usr/bin:/usr/sbin:/usr/local/sbin") is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    folder = Path(tempfile.mkdtemp(prefix="edge-pages-"))
    folder.chmod(0o755)  # mosquitto gives up root and must reach its own folder in it
    source = anywhere(folder / "source")
    for name, edit in (("site.toml", any_port), ("persons.toml", people)):
        file = source / name
        file.write_text(edit(file.read_text("utf-8")), "utf-8")
    with Stage(source, folder, None, warmup_s=0) as set_up:
        yield set_up
    shutil.rmtree(folder, ignore_errors=True)


def any_port(settings: str) -> str:
    return re.sub(r"(?m)^enrol_port = \d+", "enrol_port = 0", settings)


@pytest.fixture(scope="package")
def staged() -> Iterator[Site]:
    with stage() as set_up:
        yield Site(set_up)


@pytest.fixture
def site(staged: Site) -> Iterator[Site]:
    """The box guards; nothing is under way yet. Withdrawn at the end, whatever happened."""
    staged.stage.agent.check()
    staged.permit, staged.begun = "", staged.last_seq()
    yield staged
    for gas in ("ch4", "h2s", "co"):
        staged.stage.gateway.command("set", gas=gas, level=0.0)
    staged.end_work()


@pytest.fixture
def phones(browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Gives out devices, and takes them back at the end."""
    with ExitStack() as ends:
        yield lambda *words: ends.enter_context(Phone(browser, *words))


@pytest.fixture(scope="package")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The pages' process before a site whose pictures the tests paint: starting one takes longer than most tests.

    A file whose tests end it, or need other settings, has a `box` of its own.
    """
    with Served(make_site(tmp_path_factory.mktemp("painted") / "site")) as pages:
        yield pages


@pytest.fixture
def folder(box: Served) -> Folder:
    """Its site, on which nothing is painted yet."""
    return Folder(emptied(box.site) / "run")


@pytest.fixture
def peer(folder: Folder) -> Iterator[DeskPeer]:
    with DeskPeer(folder.path) as desk:
        yield desk


@pytest.fixture
def served(box: Served, peer: DeskPeer) -> Served:
    assert peer
    return box


@pytest.fixture(scope="module")
def screen(browser: Browser, box: Served) -> Iterator[Phone]:
    """The box's own screen, which needs no log-in, of a panel's size."""
    with Phone(browser, box.url, "en", "panel") as one:
        key = {"name": COOKIE, "value": panel_cookie(box.site), "url": box.url}
        one.context.add_cookies([{**key, "secure": True, "httpOnly": True}])
        yield one


@pytest.fixture
def board(screen: Phone, folder: Folder) -> Iterator[Phone]:
    """The same screen for every test of a file, of a panel's size at first."""
    assert folder
    screen.resize("panel")
    yield screen
    wrong, screen.wrong = screen.wrong, []
    assert wrong == []

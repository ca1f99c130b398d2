"""The board in a real browser: both languages, phone and panel, changes, staleness, hostile names."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from edge_agent.decide.cards import card
from edge_agent.decide.glance import LEAVE, WORDS, Word
from edge_agent.domain.outcome import Effect
from edge_agent.domain.words import Words
from edge_agent.tell.live import Live
from edge_agent.tell.live_permit import LivePermit
from tests.support.board_world import (
    Folder,
    channel,
    drilling,
    evacuating,
    heads,
    in_shadow,
    leaving,
    live,
    override,
    permit,
    person,
    stopped,
    warned,
)
from tests.support.pages import Served, cookie, make_site, panel_cookie, stream_of
from web_ui.sessions import COOKIE
from web_ui.viewers import Bounds
from web_ui.words import TABLES

CHROMIUM = shutil.which("chromium")
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
WAIT_MS = 15_000
SIZES = {"phone": (360, 740), "panel": (1280, 800)}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (make test installs it)")
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield one
        one.close()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(make_site(tmp_path / "site") / "run")


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Folder, Served]]:
    """One board for all tests of this file: starting one takes longer than most of them."""
    site = make_site(tmp_path_factory.mktemp("pages") / "site")
    with Served(site) as served:
        yield Folder(site / "run"), served


@pytest.fixture
def shared(board: tuple[Folder, Served]) -> Folder:
    """The shared board's folder, emptied."""
    folder, _ = board
    for left in folder.path.iterdir():
        if left.name != "people.json":
            left.unlink()
    return folder


@pytest.fixture
def address(board: tuple[Folder, Served]) -> str:
    return f"{board[1].url}board"


@pytest.fixture
def serve(folder: Folder) -> Iterator[Callable[..., Served]]:
    """A process of its own for each test that stops or fills it."""
    with ExitStack() as started:

        def start(port: int = 0) -> Served:
            ports = ("--port", str(port), "--enrol-port", "0")
            return started.enter_context(Served(folder.path.parent, *ports))

        yield start


@pytest.fixture
def page(browser: Browser, board: tuple[Folder, Served]) -> Iterator[Page]:
    """Logged in; it fails its test on any script error or breach of the content security policy."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, timezone_id="Asia/Shanghai", ignore_https_errors=True
    )
    context.set_default_timeout(WAIT_MS)
    one = context.new_page()
    let_in(one, board[1])
    wrong: list[str] = []
    one.on("pageerror", lambda fault: wrong.append(str(fault)))
    one.on("console", lambda line: wrong.append(line.text) if "Content Security" in line.text else None)
    yield one
    context.close()
    assert wrong == []


def let_in(page: Page, served: Served) -> None:
    """As the box's own screen, which needs no key; the log-in has tests of its own."""
    secret = panel_cookie(served.site)
    page.context.add_cookies(
        [{"name": COOKIE, "value": secret, "url": served.url, "secure": True, "httpOnly": True}]
    )


def speaking(page: Page, language: str) -> None:
    page.add_init_script(f"localStorage.setItem('language', '{language}')")


def opened(page: Page, address: str, language: str = "en") -> Page:
    speaking(page, language)
    page.goto(address)
    expect(page.locator(".pulse")).to_have_attribute("data-live", "true")
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_an_evacuation_is_shown_in_words_at_every_size(
    page: Page, shared: Folder, address: str, language: str, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    t = TABLES[language]
    with shared.kept(evacuating):
        opened(page, address, language)
        glance = page.locator("#overall")
        expect(glance).to_have_attribute("data-tone", "evacuate")
        expect(glance).to_contain_text("撤离")
        expect(glance).to_contain_text("EVACUATE")
        expect(glance.locator(".word")).to_be_in_viewport()
        expect(glance.locator(".do")).to_be_in_viewport()
        expect(glance.locator(".do")).to_contain_text(getattr(LEAVE, language))
        expect(glance.locator('[data-where="inside"]')).to_contain_text("吴刚 Wu Gang")
        expect(glance.locator('[data-where="unknown"]')).to_contain_text("Zhao Min")
        leaving = page.locator('[data-permit="T-2042"]')
        expect(leaving).to_contain_text(t["permit"]["first"])
        expect(leaving).to_contain_text(t["state"]["paused"])
        expect(page.locator('[data-gas="gas-h2s"]')).to_contain_text(t["gas"]["danger"])
        expect(page.locator('[data-gas="gas-ch4"]')).to_contain_text(t["quality"]["warmup"])
        expect(page.locator('[data-gas="gas-o2"]')).to_contain_text(t["gas"]["never"])
        expect(page.locator('[data-camera="cam-1"]')).to_contain_text(t["camera"]["not_monitored"])
        expect(page.locator('[data-person="zhao"]')).to_contain_text(t["people"]["place_unknown"])
        expect(page.locator('[data-output="relay-1/work"]')).to_contain_text(t["output"]["mismatch"])
        expect(page.locator(".alarms li").first).to_contain_text(t["priority"]["1"])
        expect(page.locator(".uplink")).to_contain_text("17")
        for banner in (".demo", ".banner.untrusted"):
            expect(page.locator(banner)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.lang").startswith(language)


LOOKS = [  # what the agent says: how it looks, and the word beside the colour
    (permit(state="active"), "run", {"zh": "作业中", "en": "UNDER WAY"}),
    (permit(state="active", near_end=True), "near", {"zh": "即将到期", "en": "near its end"}),
    (permit(state="paused"), "stop", {"zh": "已暂停", "en": "STOPPED"}),
    (permit(state="suspended"), "stop", {"zh": "已中止", "en": "STOPPED"}),
    (permit(state="resume_check"), "stop", {"zh": "已暂停", "en": "STOPPED"}),
    (permit(state="closed"), "done", {"zh": "已关闭", "en": "CLOSED"}),
    (permit(state="expired"), "dead", {"zh": "已过期", "en": "EXPIRED"}),
    (permit(state="received"), "idle", {"zh": "待验票", "en": "RECEIVED"}),
    (permit(state="brand_new"), "unknown", {"zh": "brand_new", "en": "brand_new"}),
]


@pytest.mark.parametrize("row", LOOKS, ids=[f"{one.state}{'-near' * one.near_end}" for one, _, _ in LOOKS])
def test_each_state_has_its_look_and_its_word(
    page: Page, shared: Folder, address: str, row: tuple[LivePermit, str, dict[str, str]]
) -> None:
    shown, tone, words = row
    with shared.kept(lambda: live(permits=(shown,))):
        for language, word in words.items():
            opened(page, address, language)
            card = page.locator(".permit")
            expect(card).to_have_attribute("data-look", tone)
            expect(card.locator(".state")).to_contain_text(word)


GLANCES = {  # what the agent says of the worst permit: how the glance looks, and its word
    "may_work": (permit(), WORDS[Word.MAY_WORK]),
    "warning": (warned(), WORDS[Word.WARNING]),
    "stopped": (stopped(), WORDS[Word.STOPPED]),
    "waiting": (permit(state="ready", word="stopped"), Words("未开工", "not started")),
    "watch": (permit(state="fire_watch", word="stopped"), Words("余火监护", "fire watch")),
    "evacuate": (leaving(), WORDS[Word.EVACUATE]),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_glance_says_one_of_four_words_and_what_to_do(
    page: Page, shared: Folder, address: str, language: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    now = [next(iter(GLANCES.values()))[0]]
    with shared.kept(lambda: live(permits=(now[0],))):
        opened(page, address, language)
        glance = page.locator("#overall")
        for look, (shown, word) in GLANCES.items():
            now[0] = shown
            expect(glance).to_have_attribute("data-tone", look)
            assert glance.locator(".word").inner_text().lower() == getattr(word, language)
            expect(glance.locator(".do")).to_be_in_viewport()
            if shown.instruction:
                expect(glance.locator(".do")).to_have_text(getattr(shown.instruction, language))


def test_a_word_that_nobody_knows_is_no_leave_to_work(page: Page, shared: Folder, address: str) -> None:
    with shared.kept(lambda: live(permits=(permit(word="fine"),))):
        opened(page, address)
        expect(page.locator("#overall")).to_have_attribute("data-tone", "unknown")
        expect(page.locator("#overall")).to_contain_text("STATE UNKNOWN")


def test_the_worst_of_many_permits_is_the_word(page: Page, shared: Folder, address: str) -> None:
    many = [permit(id=f"T-{n}") for n in range(3)]
    with shared.kept(
        lambda: live(permits=(*many, warned(id="T-w"), permit(id="T-r", state="ready", word="stopped")))
    ):
        opened(page, address)
        expect(page.locator("#overall")).to_have_attribute("data-tone", "warning")
        expect(page.locator("#overall .where")).to_contain_text("T-w")
        expect(page.locator("#overall .counts")).to_contain_text("3 may work")


def test_each_role_is_told_what_to_do(page: Page, shared: Folder, address: str) -> None:
    with shared.kept(lambda: live(permits=(stopped(),))):
        for language in ("zh", "en"):
            opened(page, address, language)
            told = page.locator('[data-permit="T-2042"] .cards')
            for role, words in card(Effect.PAUSE).items():
                expect(told).to_contain_text(TABLES[language]["role"][role])
                expect(told).to_contain_text(getattr(words, language))


def test_a_head_count_names_who_is_inside_who_is_out_and_of_whom_nothing_is_known(
    page: Page, shared: Folder, address: str
) -> None:
    with shared.kept(lambda: live(permits=(leaving(),))):
        opened(page, address)
        count = page.locator('[data-permit="T-2042"] .heads')
        expect(count).to_contain_text("hazard zone: Tank 3")
        inside, unknown, out = (count.locator(f'[data-where="{where}"]') for where in ("inside", "unknown", "out"))
        expect(inside).to_contain_text("2 STILL INSIDE")
        expect(inside).to_contain_text("吴刚 Wu Gang")
        expect(inside).to_contain_text("last heard 4")
        expect(unknown).to_contain_text("1 PLACE UNKNOWN")
        expect(unknown).to_contain_text("never heard")
        expect(out).to_contain_text("李娜 Li Na")
        expect(out).to_contain_text("Manhole post")
    everybody = tuple(msgspec.structs.replace(one, where="out") for one in heads().people)
    with shared.kept(
        lambda: live(permits=(leaving(headcount=msgspec.structs.replace(heads(), people=everybody)),))
    ):
        opened(page, address)
        expect(page.locator("#overall .missing-people")).to_have_text("all 5 are out")


def test_an_age_in_the_head_count_runs_on_and_stands_still_with_the_picture(
    page: Page, shared: Folder, address: str
) -> None:
    still = leaving(overrides=(override(),))
    with shared.kept(lambda: live(permits=(still,))):
        opened(page, address)
        first = page.locator('.heads [data-where="inside"] .time').first
        expect(first).to_contain_text("s ago")
    expect(page.locator(".notlive")).to_be_visible()
    assert "grayscale" in page.locator(".banner.overrides").evaluate("(node) => getComputedStyle(node).filter")
    before = first.inner_text()
    page.wait_for_timeout(1500)
    assert first.inner_text() == before
    assert page.locator("#overall .missing-people").count() == 0, "old names must not look live"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_override_is_amber_with_its_rule_its_reason_who_and_until_when(
    page: Page, shared: Folder, address: str, language: str
) -> None:
    one = override()
    with shared.kept(lambda: live(permits=(permit(word="warning", overrides=(one,)),))):
        opened(page, address, language)
        for place in (page.locator(".banner.overrides"), page.locator(".permit .override")):
            for words in (getattr(one.title, language), one.who, one.reason):
                expect(place).to_contain_text(words)
            left_s = place.locator(".left")
            before = left_s.inner_text()
            expect(left_s).not_to_have_text(before)
        expect(page.locator("#overall")).to_have_attribute("data-tone", "warning")
        expect(page.locator("#overall .where")).to_contain_text(getattr(one.title, language))
    with shared.kept():
        expect(page.locator(".banner.overrides")).to_be_hidden()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_drill_says_so_wherever_it_shows(page: Page, shared: Folder, address: str, language: str) -> None:
    with shared.kept(drilling):
        opened(page, address, language)
        expect(page.locator(".banner.drill")).to_contain_text("DRILL")
        expect(page.locator(".banner.drill")).to_contain_text("演练")
        expect(page.locator("#overall .played")).to_have_text("演练 DRILL")
        expect(page.locator(".permit .played")).to_contain_text("gas drill")
        expect(page.locator(".alarms .played")).to_have_text(TABLES[language]["alarm"]["drill"])


def test_a_real_evacuation_beside_a_drill_is_not_called_a_drill(page: Page, shared: Folder, address: str) -> None:
    both = (leaving(drill="gas drill"), leaving(id="T-real"))
    with shared.kept(lambda: live(permits=both)):
        opened(page, address)
        expect(page.locator(".banner.drill")).to_be_visible()
        expect(page.locator("#overall .where")).to_contain_text("T-real")
        expect(page.locator("#overall .played")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_shadow_mode_cannot_be_taken_for_protection(
    page: Page, shared: Folder, address: str, language: str
) -> None:
    with shared.kept(in_shadow):
        opened(page, address, language)
        t = TABLES[language]["glance"]
        expect(page.locator(".banner.shadow")).to_contain_text("2026-12-31")
        expect(page.locator("#overall")).to_have_attribute("data-tone", "shadow")
        expect(page.locator("#overall .word")).to_have_text(t["shadow"])
        expect(page.locator("#overall .do")).to_have_text(t["do_shadow"])
        expect(page.locator(".permit")).to_have_attribute("data-look", "shadow")


def test_coverage_names_each_blind_spell(page: Page, shared: Folder, address: str) -> None:
    with shared.kept(lambda: live(permits=(stopped(), permit(id="T-2")))):
        opened(page, address)
        ledger = page.locator('[data-permit="T-2042"] .coverage')
        expect(ledger).to_contain_text("guarded 97.4 %")
        expect(ledger.locator('[data-open="true"]')).to_contain_text("Methane detector")
        expect(ledger.locator('[data-open="true"]')).to_contain_text("still blind")
        expect(ledger.locator('[data-open="false"]')).to_contain_text("Manhole camera")
        expect(ledger).to_contain_text("2 earlier spells")
        expect(page.locator('[data-permit="T-2"] .coverage')).to_contain_text("never blind")


def test_an_average_with_minutes_missing_says_that_it_is_incomplete(
    page: Page, shared: Folder, address: str
) -> None:
    with shared.kept():
        for language, short in (("zh", "不完整（缺 431 分钟）"), ("en", "incomplete, 431 min missing")):
            opened(page, address, language)
            averages = page.locator('[data-gas="gas-co"] .average')
            expect(averages.nth(0)).to_have_attribute("data-complete", "true")
            expect(averages.nth(0)).to_contain_text("2.4")
            expect(averages.nth(1)).to_have_attribute("data-complete", "false")
            expect(averages.nth(1)).to_contain_text(short)
            expect(page.locator('[data-gas="gas-h2s"] .average')).to_have_count(0)


def test_the_figures_of_the_day(page: Page, shared: Folder, address: str) -> None:
    with shared.kept():
        opened(page, address)
        for figure, told in {
            "starts": ("3", "2 on time"),
            "stops": ("3", "people 1 · devices 2"),
            "near": ("3", "gas near its limit 2"),
            "acknowledged": ("12.0 s", "longest 21.0 s, 3 measured"),
            "ppe": ("95.0 %", "40 looks could be judged, 12 could not"),
        }.items():
            for words in told:
                expect(page.locator(f'[data-figure="{figure}"] dd')).to_contain_text(words)
        expect(page.locator('[data-figure="ppe"] dt')).to_contain_text("Manhole camera")
    with shared.kept(lambda: live(today={})):
        opened(page, address)
        expect(page.locator("#today")).to_contain_text("no figures yet")


SCENES: dict[str, Callable[[], Live]] = {
    "calm": live,
    "warning": lambda: live(permits=(warned(),)),
    "stopped": lambda: live(permits=(stopped(),)),
    "evacuation": evacuating,
    "override": lambda: live(permits=(permit(word="warning", overrides=(override(),)),)),
    "drill": drilling,
    "shadow": in_shadow,
}


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_fits_a_phone_and_can_be_read(page: Page, shared: Folder, address: str, scene: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    with shared.kept(SCENES[scene]):
        for language in ("zh", "en"):
            opened(page, address, language)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            expect(page.locator("#overall .word")).to_be_in_viewport()
            text = page.locator("body").inner_text()
            assert "undefined" not in text
            assert "null" not in text
            assert page.evaluate(CONTRAST) == []


def test_stopped_is_striped_and_under_way_is_not(page: Page, shared: Folder, address: str) -> None:
    both = (stopped(), permit(id="T-2"))
    with shared.kept(lambda: live(permits=both)):
        opened(page, address)
        picture = "(node) => getComputedStyle(node).backgroundImage"
        assert "repeating-linear-gradient" in page.locator('[data-permit="T-2042"] .state').evaluate(picture)
        assert page.locator('[data-permit="T-2"] .state').evaluate(picture) == "none"


def test_a_permit_that_is_not_ready_is_never_called_clear(page: Page, shared: Folder, address: str) -> None:
    permits = (
        permit(state="received"),
        permit(id="T-2", state="ready"),
        permit(id="T-3", state="paused", evacuate=True),
    )
    with shared.kept(lambda: live(permits=permits)):
        opened(page, address)
        expect(page.locator('[data-permit="T-2"] .clear')).to_have_count(1)
        expect(page.locator(".clear")).to_have_count(1)


def test_what_has_ended_does_not_push_the_open_permits_away(page: Page, shared: Folder, address: str) -> None:
    now = time.time()
    ended = [permit(id=f"T-{n}", state="closed", since_utc=now - 60 * n) for n in range(9)]
    with shared.kept(lambda: live(permits=(*ended, permit(id="T-open")))):
        opened(page, address)
        expect(page.locator(".permit")).to_have_count(4)
        expect(page.locator(".permit").first).to_have_attribute("data-permit", "T-open")
        expect(page.locator(".permit").nth(1)).to_have_attribute("data-permit", "T-0")
        expect(page.locator("#permits .empty")).to_contain_text("6 more")
        expect(page.locator(".events li").first).to_contain_text("Work started T-2042 under way")


def test_a_change_appears_without_a_reload(page: Page, shared: Folder, address: str) -> None:
    shown = [live()]
    with shared.kept(lambda: shown[0]):
        opened(page, address)
        expect(page.locator("#overall")).to_contain_text("MAY WORK")
        page.evaluate("window.sameDocument = true")
        shown[0] = live(permits=(stopped(),))
        expect(page.locator("#overall")).to_contain_text("STOPPED")
        expect(page.locator(".why li").first).to_contain_text("Gas over its limit")
        expect(page.locator(".why li").first).to_contain_text("first out")
        expect(page.locator(".standing")).to_contain_text("No passed re-test")
        expect(page.locator(".signed")).to_contain_text("guard 李娜")
        assert page.evaluate("window.sameDocument")


def test_times_run_between_pictures(page: Page, shared: Folder, address: str) -> None:
    fixed = live(permits=(permit(ends_utc=time.time() + 3600),))
    with shared.kept(lambda: fixed):
        opened(page, address)
        figure = page.locator(".remaining .figure")
        before = figure.inner_text()
        expect(figure).not_to_have_text(before)


def test_a_picture_that_is_not_renewed_is_greyed_and_then_heals(page: Page, shared: Folder, address: str) -> None:
    with shared.kept(lambda: live(permits=(leaving(),))):
        opened(page, address)
    banner = page.locator(".notlive")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("NOT LIVE")
    expect(page.locator(".board .hint")).to_contain_text("systemctl status edge-agent")
    last = msgspec.json.decode((shared.path / "live.json").read_bytes())["at_utc"]
    taken = page.evaluate("(utc) => new Date(utc * 1000).toTimeString().slice(0, 8)", last)
    expect(page.locator(".pulse")).to_contain_text(f"NOT LIVE since {taken}")
    expect(page.locator("#overall")).to_contain_text("STATE UNKNOWN")
    expect(page.locator("#overall")).to_contain_text("last known: EVACUATE")
    grey = page.locator("#gas").evaluate("(node) => getComputedStyle(node).filter")
    assert "grayscale" in grey
    with shared.kept():
        expect(banner).to_be_hidden()
        expect(page.locator(".pulse")).to_have_text("LIVE")


def test_it_turns_not_live_three_to_four_seconds_after_the_last_picture(
    page: Page, shared: Folder, address: str
) -> None:
    """Measured by the page itself; a machine that stalls may make it later, never earlier."""
    with shared.kept():
        opened(page, address)
        page.evaluate(
            """() => new MutationObserver(() => {
                if (document.querySelector(".stale-board")) window.staleAt ??= Date.now() / 1000;
            }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["class"] })"""
        )
    expect(page.locator(".notlive")).to_be_visible()
    last = msgspec.json.decode((shared.path / "live.json").read_bytes())["at_utc"]
    late_s = page.evaluate("window.staleAt") - last
    assert 3.0 <= late_s < 15.0


def test_an_old_picture_is_never_live_not_even_at_first(page: Page, shared: Folder, address: str) -> None:
    shared.put(live(at_utc=time.time() - 600))
    page.add_init_script("""window.wasLive = false; addEventListener("DOMContentLoaded", () => setInterval(() => {
        window.wasLive ||= document.querySelector(".pulse")?.dataset.live === "true"; }, 5));""")
    page.goto(address)
    expect(page.locator(".permit")).to_be_visible()
    expect(page.locator(".notlive")).to_contain_text("非实时")
    expect(page.locator("#overall")).to_contain_text("状态未知")
    assert not page.evaluate("window.wasLive")


def test_without_a_picture_it_says_why(page: Page, shared: Folder, address: str) -> None:
    speaking(page, "en")
    page.goto(address)
    expect(page.locator(".notlive")).to_contain_text("does not exist: the agent is not running")
    shared.put_bytes(b'{"at_utc": 17')
    expect(page.locator(".notlive")).to_contain_text("incomplete or of another shape")


def test_a_service_that_hangs_is_not_live_by_the_pages_own_clock(
    page: Page, folder: Folder, serve: Callable[..., Served]
) -> None:
    """The connection stays open and nothing comes: only the page itself can tell."""
    hung = serve()
    let_in(page, hung)
    with folder.kept():
        opened(page, f"{hung.url}board")
        hung.process.send_signal(signal.SIGSTOP)
        try:
            expect(page.locator(".notlive")).to_be_visible()
            expect(page.locator("#overall")).to_contain_text("STATE UNKNOWN")
        finally:
            hung.process.send_signal(signal.SIGCONT)
        expect(page.locator(".pulse")).to_have_text("LIVE")


def test_a_service_that_dies_is_not_live_and_comes_back(
    page: Page, folder: Folder, serve: Callable[..., Served]
) -> None:
    board = serve()
    let_in(page, board)
    with folder.kept():
        opened(page, f"{board.url}board")
        board.end()
        expect(page.locator(".notlive")).to_be_visible()
        expect(page.locator(".notlive")).to_contain_text("The link to the box is gone")
        page.evaluate("window.sameDocument = true")
        serve(board.port)
        expect(page.locator(".pulse")).to_have_text("LIVE")
        assert page.evaluate("window.sameDocument")


HOSTILE = [
    "<img src=x onerror=window.hit=1>",
    "</script><script>window.hit=1</script>",
    '"><svg onload=window.hit=1>',
    "{{ 7 * 7 }}",
    "\u202eevil\u202c",
    "長" * 5000,
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_only_a_name(page: Page, shared: Folder, address: str, name: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    evil = msgspec.structs.replace(stopped().causes[0].title, zh=name, en=name)
    cause = msgspec.structs.replace(stopped().causes[0], title=evil, detail=evil)
    doc = live(
        people=(person(name=name, id=name, roles=(name,), area=evil),),
        permits=(
            stopped(holder=name, guard=name, id=name, type=name, signatures=(f"{name}: {name}",), causes=(cause,)),
        ),
        gas=(channel(id=name, gas=name, unit=name, quality=name, name=evil),),
        name=evil,
        site=name,
        uplink_detail=evil,
    )
    with shared.kept(lambda: doc):
        opened(page, address)
        expect(page.locator(".person bdi")).to_contain_text(name[:20])
        expect(page.locator(".why")).to_contain_text(name[:20])
        page.wait_for_timeout(300)  # time for an onerror that must never come
        assert page.evaluate("window.hit") is None
        assert page.locator("main img:not(.frame img), main script").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("key", ["constructor", "__proto__", "toString"])
def test_a_value_that_is_a_javascript_word_is_shown_as_it_is(
    page: Page, shared: Folder, address: str, key: str
) -> None:
    with shared.kept(lambda: live(gas=(channel(quality=key, level=None),), permits=(permit(state=key),))):
        opened(page, address)
        expect(page.locator("#gas .quality")).to_have_text(key)
        expect(page.locator("#overall")).to_contain_text("STATE UNKNOWN")


def test_a_full_house_is_still_live(page: Page, folder: Folder, serve: Callable[..., Served]) -> None:
    full = serve()
    let_in(page, full)
    with ExitStack() as places, folder.kept():
        for _ in range(Bounds().viewers):
            taken, status = stream_of(full, cookie(full.site, "li-na"))
            places.enter_context(taken)
            assert status == 200
        opened(page, f"{full.url}board")
        expect(page.locator("#crowded")).to_be_visible()
        expect(page.locator(".pulse")).to_have_text("LIVE")


def test_the_still_is_shown_and_goes_when_it_is_gone(page: Page, shared: Folder, address: str) -> None:
    shared.put_still()
    with shared.kept():
        opened(page, address)
        expect(page.locator(".frame img")).to_be_visible()
        (shared.path / "cam-1.jpg").unlink()
        expect(page.locator(".no-picture")).to_be_visible()
        expect(page.locator(".frame img")).to_be_hidden()


CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      const own = rgb(style.backgroundColor);
      if (own.length === 3 || own[3] === 1) return own;
      if (style.backgroundImage !== "none") return null;  // words straight on stripes: never readable
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const words = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!words || !node.checkVisibility() || ["SCRIPT", "NOSCRIPT"].includes(node.tagName)) continue;
    const behind = ground(node);
    const both = behind ? [light(rgb(getComputedStyle(node).color)), light(behind)] : [0, 0];
    const ratio = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (ratio < 4.5) poor.push([node.className || node.tagName, ratio, node.textContent.slice(0, 30)].join(" "));
  }
  return poor;
}"""


def test_text_has_enough_contrast(page: Page, shared: Folder, address: str) -> None:
    """WCAG AA, 4.5:1, for every text on the page while it is live, in every state."""
    every = tuple(
        permit(id=f"T-{n}", state=state, near_end=n % 2 == 0)
        for n, state in enumerate(["active", "active", "ready", "closed", "expired", "fire_watch", "brand_new"])
    )
    shown = evacuating()
    with shared.kept(lambda: msgspec.structs.replace(shown, permits=(*shown.permits, stopped(id="T-s"), *every))):
        opened(page, address)
        expect(page.locator(".permit")).to_have_count(12)
        assert page.evaluate(CONTRAST) == []
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(CONTRAST) == []
    with shared.kept(lambda: live(permits=(stopped(),))):
        opened(page, address)
        expect(page.locator("#overall")).to_have_attribute("data-tone", "stopped")
        assert page.evaluate(CONTRAST) == []


def test_words_can_be_read_on_a_phone_and_from_afar(page: Page, shared: Folder, address: str) -> None:
    """Nothing is smaller than 13 px; the one glance is at least 28 px on a phone, 44 px on a panel."""
    smallest = """() => Math.min(...[...document.querySelectorAll("body *")]
        .filter((node) => node.checkVisibility())
        .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()))
        .map((node) => parseFloat(getComputedStyle(node).fontSize)))"""
    glance = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    with shared.kept():
        opened(page, address)
        for width, least in ((360, 28), (1280, 44)):
            page.set_viewport_size({"width": width, "height": 780})
            assert page.evaluate(smallest) >= 13
            assert page.locator("#overall .word").evaluate(glance) >= least

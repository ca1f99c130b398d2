"""The board says who is where, what somebody let be, what is played, what protects nobody, how the day was."""

from msgspec.structs import replace
from playwright.sync_api import expect

from tests.pages.phone import Phone
from tests.support.board_world import (
    Folder,
    drilling,
    heads,
    in_shadow,
    leaving,
    live,
    override,
    permit,
    stopped,
)
from web_ui.words import LANGUAGES, TABLES


def test_a_head_count_names_who_is_inside_who_is_out_and_of_whom_nothing_is_known(
    board: Phone, folder: Folder
) -> None:
    with folder.kept(lambda: live(permits=(leaving(),))) as picture:
        board.watch()
        count = board('[data-permit="T-2042"] .heads')
        expect(count).to_contain_text("hazard zone: Tank 3")
        inside, unknown, out = (count.locator(f'[data-where="{where}"]') for where in ("inside", "unknown", "out"))
        expect(inside).to_contain_text("2 STILL INSIDE")
        expect(inside).to_contain_text("吴刚 Wu Gang")
        expect(inside).to_contain_text("last heard 4")
        expect(unknown).to_contain_text("1 PLACE UNKNOWN")
        expect(unknown).to_contain_text("never heard")
        expect(out).to_contain_text("李娜 Li Na")
        expect(out).to_contain_text("Manhole post")
        everybody = replace(heads(), people=tuple(replace(one, where="out") for one in heads().people))
        picture.show(lambda: live(permits=(leaving(headcount=everybody),)))
        expect(board("#overall .missing-people")).to_have_text("all 5 are out")


def test_an_age_in_the_head_count_runs_on_and_stands_still_with_the_picture(board: Phone, folder: Folder) -> None:
    still = leaving(overrides=(override(),))
    with folder.kept(lambda: live(permits=(still,))):
        board.watch()
        first = board('.heads [data-where="inside"] .time').first
        expect(first).to_contain_text("s ago")
    expect(board(".notlive")).to_be_visible()
    assert "grayscale" in board(".banner.overrides").evaluate("(node) => getComputedStyle(node).filter")
    before = first.inner_text()
    board.page.wait_for_timeout(1500)
    assert first.inner_text() == before
    assert board("#overall .missing-people").count() == 0, "old names must not look live"


def test_an_override_is_amber_with_its_rule_its_reason_who_and_until_when(board: Phone, folder: Folder) -> None:
    one = override()
    with folder.kept() as picture:
        for language in LANGUAGES:
            picture.show(lambda: live(permits=(permit(word="warning", overrides=(one,)),)))
            board.watch(language)
            for place in (board(".banner.overrides"), board(".permit .override")):
                for words in (getattr(one.title, language), one.who, one.reason):
                    expect(place).to_contain_text(words)
                left_s = place.locator(".left")
                before = left_s.inner_text()
                expect(left_s).not_to_have_text(before)
            expect(board("#overall")).to_have_attribute("data-tone", "warning")
            expect(board("#overall .where")).to_contain_text(getattr(one.title, language))
            picture.show(live)
            expect(board(".banner.overrides")).to_be_hidden()


def test_a_drill_says_so_wherever_it_shows(board: Phone, folder: Folder) -> None:
    with folder.kept(drilling):
        for language in LANGUAGES:
            board.watch(language)
            expect(board(".banner.drill")).to_contain_text("DRILL")
            expect(board(".banner.drill")).to_contain_text("演练")
            expect(board("#overall .played")).to_have_text("演练 DRILL")
            expect(board(".permit .played")).to_contain_text("gas drill")
            expect(board(".alarms .played")).to_have_text(TABLES[language]["alarm"]["drill"])


def test_a_real_evacuation_beside_a_drill_is_not_called_a_drill(board: Phone, folder: Folder) -> None:
    both = (leaving(drill="gas drill"), leaving(id="T-real"))
    with folder.kept(lambda: live(permits=both)):
        board.watch()
        expect(board(".banner.drill")).to_be_visible()
        expect(board("#overall .where")).to_contain_text("T-real")
        expect(board("#overall .played")).to_have_count(0)


def test_shadow_mode_cannot_be_taken_for_protection(board: Phone, folder: Folder) -> None:
    with folder.kept(in_shadow):
        for language in LANGUAGES:
            board.watch(language)
            t = TABLES[language]["glance"]
            expect(board(".banner.shadow")).to_contain_text("2026-12-31")
            expect(board("#overall")).to_have_attribute("data-tone", "shadow")
            expect(board("#overall .word")).to_have_text(t["shadow"])
            expect(board("#overall .do")).to_have_text(t["do_shadow"])
            expect(board(".permit")).to_have_attribute("data-look", "shadow")


def test_coverage_names_each_blind_spell(board: Phone, folder: Folder) -> None:
    with folder.kept(lambda: live(permits=(stopped(), permit(id="T-2")))):
        board.watch()
        ledger = board('[data-permit="T-2042"] .coverage')
        expect(ledger).to_contain_text("guarded 97.4 %")
        expect(ledger.locator('[data-open="true"]')).to_contain_text("Methane detector")
        expect(ledger.locator('[data-open="true"]')).to_contain_text("still blind")
        expect(ledger.locator('[data-open="false"]')).to_contain_text("Manhole camera")
        expect(ledger).to_contain_text("2 earlier spells")
        expect(board('[data-permit="T-2"] .coverage')).to_contain_text("never blind")


def test_an_average_with_minutes_missing_says_that_it_is_incomplete(board: Phone, folder: Folder) -> None:
    with folder.kept():
        for language, short in (("zh", "不完整（缺 431 分钟）"), ("en", "incomplete, 431 min missing")):
            board.watch(language)
            averages = board('[data-gas="gas-co"] .average')
            expect(averages.nth(0)).to_have_attribute("data-complete", "true")
            expect(averages.nth(0)).to_contain_text("2.4")
            expect(averages.nth(1)).to_have_attribute("data-complete", "false")
            expect(averages.nth(1)).to_contain_text(short)
            expect(board('[data-gas="gas-h2s"] .average')).to_have_count(0)


def test_the_figures_of_the_day(board: Phone, folder: Folder) -> None:
    with folder.kept() as picture:
        board.watch()
        for figure, told in {
            "starts": ("3", "2 on time"),
            "stops": ("3", "people 1 · devices 2"),
            "near": ("3", "gas near its limit 2"),
            "acknowledged": ("12.0 s", "longest 21.0 s, 3 measured"),
            "ppe": ("95.0 %", "40 looks could be judged, 12 could not"),
        }.items():
            for words in told:
                expect(board(f'[data-figure="{figure}"] dd')).to_contain_text(words)
        expect(board('[data-figure="ppe"] dt')).to_contain_text("Manhole camera")
        picture.show(lambda: live(today={}))
        expect(board("#today")).to_contain_text("no figures yet")

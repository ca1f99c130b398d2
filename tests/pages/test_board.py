"""The board in a browser: every word of it, in both languages, on a phone and on a panel; and what changes."""

from playwright.sync_api import expect

from edge_agent.decide.cards import card
from edge_agent.decide.glance import LEAVE, WORDS, Word
from edge_agent.domain.outcome import Effect
from edge_agent.domain.words import Words
from edge_agent.tell.live_beside import LiveNeighbour, LiveNeighbourAlarm
from tests.pages.phone import Phone
from tests.support.board_world import Folder, evacuating, leaving, live, permit, stopped, warned
from web_ui.words import LANGUAGES, TABLES


def test_an_evacuation_is_shown_in_words_at_every_size(board: Phone, folder: Folder) -> None:
    with folder.kept(evacuating):
        for language in LANGUAGES:
            board.watch(language)
            for size in ("phone", "panel"):
                board.resize(size)
                says_to_leave(board)
                tells_all_that_is_wrong(board)
                board.look("01-evacuation")


def says_to_leave(board: Phone) -> None:
    glance = board("#overall")
    expect(glance).to_have_attribute("data-tone", "evacuate")
    expect(glance).to_contain_text("撤离")
    expect(glance).to_contain_text("EVACUATE")
    expect(glance.locator(".word")).to_be_in_viewport()
    expect(glance.locator(".do")).to_be_in_viewport()
    expect(glance.locator(".do")).to_contain_text(getattr(LEAVE, board.language))
    expect(glance.locator('[data-where="inside"]')).to_contain_text("吴刚 Wu Gang")
    expect(glance.locator('[data-where="unknown"]')).to_contain_text("Zhao Min")


def tells_all_that_is_wrong(board: Phone) -> None:
    t = TABLES[board.language]
    expect(board('[data-permit="T-2042"]')).to_contain_text(t["permit"]["first"])
    expect(board('[data-permit="T-2042"]')).to_contain_text(t["state"]["paused"])
    expect(board('[data-gas="gas-h2s"]')).to_contain_text(t["gas"]["danger"])
    expect(board('[data-gas="gas-ch4"]')).to_contain_text(t["quality"]["warmup"])
    expect(board('[data-gas="gas-o2"]')).to_contain_text(t["gas"]["never"])
    expect(board('[data-camera="cam-1"]')).to_contain_text(t["camera"]["not_monitored"])
    expect(board('[data-person="zhao"]')).to_contain_text(t["people"]["place_unknown"])
    expect(board('[data-output="relay-1/work"]')).to_contain_text(t["output"]["mismatch"])
    expect(board(".alarms li").first).to_contain_text(t["priority"]["1"])
    expect(board(".uplink")).to_contain_text("17")
    for banner in (".demo", ".banner.untrusted"):
        expect(board(banner)).to_be_visible()


def test_other_boxes_are_shown_and_a_silent_one_says_so(board: Phone, folder: Folder) -> None:
    with folder.kept(lambda: live(neighbours=(leaking(), unheard()))):
        for language in LANGUAGES:
            board.watch(language)
            t = TABLES[language]["neighbour"]
            for size in ("phone", "panel"):
                board.resize(size)
                first, second = board('[data-neighbour="edge-2"]'), board('[data-neighbour="edge-3"]')
                for words in (t["leave"], t["here"]):
                    expect(first).to_contain_text(words)
                for words in (t["silent"], t["never"]):
                    expect(second).to_contain_text(words)
                expect(second).not_to_contain_text(t["quiet"])
                board.look("12-neighbours")


def leaking() -> LiveNeighbour:
    alarm = LiveNeighbourAlarm(
        code="GAS-01",
        leave=True,
        title=Words("气体危险 撤离", "Dangerous gas: evacuate"),
        detail=Words("硫化氢 12.0 ppm，限值 10 ppm（GBZ 2.1-2019）", "hydrogen sulfide 12.0 ppm, limit 10 ppm"),
    )
    return LiveNeighbour(
        id="edge-2",
        name=Words("二号罐区主机", "Box of tank farm 2"),
        heard=True,
        age_s=2.0,
        works=3,
        under_way=1,
        leave_here=True,
        alarms=(alarm,),
    )


def unheard() -> LiveNeighbour:
    return LiveNeighbour(
        id="edge-3",
        name=Words("泵房主机", "Box of the pump house"),
        heard=False,
        age_s=None,
        works=0,
        under_way=0,
        leave_here=False,
    )


LOOKS = [  # what the agent says: how it looks, and the word beside the colour
    ({"state": "active"}, "run", {"zh": "作业中", "en": "UNDER WAY"}),
    ({"state": "active", "near_end": True}, "near", {"zh": "即将到期", "en": "near its end"}),
    ({"state": "paused"}, "stop", {"zh": "已暂停", "en": "STOPPED"}),
    ({"state": "suspended"}, "stop", {"zh": "已中止", "en": "STOPPED"}),
    ({"state": "resume_check"}, "stop", {"zh": "已暂停", "en": "STOPPED"}),
    ({"state": "closed"}, "done", {"zh": "已关闭", "en": "CLOSED"}),
    ({"state": "expired"}, "dead", {"zh": "已过期", "en": "EXPIRED"}),
    ({"state": "received"}, "idle", {"zh": "待验票", "en": "RECEIVED"}),
    ({"state": "brand_new"}, "unknown", {"zh": "brand_new", "en": "brand_new"}),
]


def test_each_state_has_its_look_and_its_word(board: Phone, folder: Folder) -> None:
    all_ = tuple(permit(id=f"T-{number}", **said) for number, (said, _, _) in enumerate(LOOKS))
    with folder.kept(lambda: live(permits=all_)):
        for language in LANGUAGES:
            board.watch(language)
            for number, (_, look, words) in enumerate(LOOKS):
                one = board(f'.permit[data-permit="T-{number}"]')
                expect(one).to_have_attribute("data-look", look)
                expect(one.locator(".state")).to_contain_text(words[language])


GLANCES = {  # what the agent says of the worst permit: how the glance looks, and its word
    "may_work": (permit(), WORDS[Word.MAY_WORK]),
    "warning": (warned(), WORDS[Word.WARNING]),
    "stopped": (stopped(), WORDS[Word.STOPPED]),
    "waiting": (permit(state="ready", word="stopped"), Words("未开工", "not started")),
    "watch": (permit(state="fire_watch", word="stopped"), Words("余火监护", "fire watch")),
    "evacuate": (leaving(), WORDS[Word.EVACUATE]),
}


def test_the_glance_says_one_of_four_words_and_what_to_do(board: Phone, folder: Folder) -> None:
    board.resize("phone")
    with folder.kept() as picture:
        for language in LANGUAGES:
            board.watch(language)
            for look, (one, word) in GLANCES.items():
                picture.show(lambda one=one: live(permits=(one,)))
                expect(board("#overall")).to_have_attribute("data-tone", look)
                assert board("#overall .word").inner_text().lower() == getattr(word, language)
                expect(board("#overall .do")).to_be_in_viewport()
                if one.instruction:
                    expect(board("#overall .do")).to_have_text(getattr(one.instruction, language))


def test_a_word_that_nobody_knows_is_no_leave_to_work(board: Phone, folder: Folder) -> None:
    with folder.kept(lambda: live(permits=(permit(word="fine"),))):
        board.watch()
        expect(board("#overall")).to_have_attribute("data-tone", "unknown")
        expect(board("#overall")).to_contain_text("STATE UNKNOWN")


def test_the_worst_of_many_permits_is_the_word(board: Phone, folder: Folder) -> None:
    fine = [permit(id=f"T-{n}") for n in range(3)]
    many = (*fine, warned(id="T-w"), permit(id="T-r", state="ready", word="stopped"))
    with folder.kept(lambda: live(permits=many)):
        board.watch()
        expect(board("#overall")).to_have_attribute("data-tone", "warning")
        expect(board("#overall .where")).to_contain_text("T-w")
        expect(board("#overall .counts")).to_contain_text("3 may work")


def test_each_role_is_told_what_to_do(board: Phone, folder: Folder) -> None:
    with folder.kept(lambda: live(permits=(stopped(),))):
        for language in LANGUAGES:
            board.watch(language)
            told = board('[data-permit="T-2042"] .cards')
            for role, words in card(Effect.PAUSE).items():
                expect(told).to_contain_text(TABLES[language]["role"][role])
                expect(told).to_contain_text(getattr(words, language))


def test_a_change_appears_without_a_reload(board: Phone, folder: Folder) -> None:
    with folder.kept() as picture:
        board.watch()
        expect(board("#overall")).to_contain_text("MAY WORK")
        board.page.evaluate("window.sameDocument = true")
        picture.show(lambda: live(permits=(stopped(),)))
        expect(board("#overall")).to_contain_text("STOPPED")
        expect(board(".why li").first).to_contain_text("Gas over its limit")
        expect(board(".why li").first).to_contain_text("first out")
        expect(board(".standing")).to_contain_text("No passed re-test")
        expect(board(".signed")).to_contain_text("guard 李娜")
        assert board.page.evaluate("window.sameDocument")

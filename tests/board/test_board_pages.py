"""The board's page before its script runs: languages, the DEMO banner, nothing inline, nothing from outside."""

import time

import pytest
from flask.testing import FlaskClient

from tests.support.board_world import TREE, Folder, live
from tests.support.pages import cookie, make_client


@pytest.fixture
def client(folder: Folder) -> FlaskClient:
    site = folder.path.parent
    return make_client(site, cookie(site, "li-na"))


def page(client: FlaskClient, wish: str = "") -> str:
    return client.get(f"/board{wish}").text


def test_the_page_brings_no_script_or_style_of_its_own_and_nothing_from_outside(client: FlaskClient) -> None:
    text = page(client)
    assert "<style" not in text
    assert " style=" not in text
    assert " onerror=" not in text
    assert "//" not in text.replace("http://www.w3.org", "")
    for script in (TREE / "web_ui" / "static").glob("*.js"):
        assert "innerHTML" not in script.read_text()
        assert "eval(" not in script.read_text()


def test_chinese_first_then_what_was_chosen_and_kept(client: FlaskClient) -> None:
    assert 'lang="zh-CN"' in page(client)
    assert 'lang="en"' in page(client, "?lang=en")
    assert 'lang="en"' in page(client)
    assert 'lang="zh-CN"' in page(client, "?lang=zh")


@pytest.mark.parametrize("wish", ["de", "", "en\r\nX: y", "../en"])
def test_a_language_that_does_not_exist_is_chinese(client: FlaskClient, wish: str) -> None:
    answer = client.get("/board", query_string={"lang": wish})
    assert 'lang="zh-CN"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_demo_is_said(client: FlaskClient, folder: Folder) -> None:
    folder.put(live(demo=False))
    assert 'class="banner demo" hidden' in page(client)
    folder.put(live(demo=True, at_utc=time.time() + 0.1))
    assert 'class="banner demo">' in page(client)

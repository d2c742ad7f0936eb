"""The material of a temadag: slides in the guide's own words, cards, and nothing that needs a script or is counted."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from guide import config
from guide.library.library import Library
from guide.paper import results
from guide.web import create_app, material
from guide.web.material import cards, programme_of, timed
from tests.conftest import DEMO
from tests.library.test_training import FILES
from tests.test_content import FLOWS

PAGES = ["/temadag/program/", *(f"/temadag/oplaeg/{flow}/" for flow in FLOWS)]


def slides(page: str) -> dict[str, str]:
    """What each slide shows on the wall, without the script beside it."""
    found = re.findall(
        r'<section class="slide" id="(slide-\d+)".*?<div class="slide-flade">(.*?)<div class="manus">', page, re.DOTALL
    )
    return dict(found)


def test_the_start_leads_to_everything(shipped: FlaskClient) -> None:
    page = shipped.get("/temadag/materiale/").text
    for address in (*PAGES, "/temadag/"):
        assert f'href="{address}"' in page, address


def test_every_case_has_a_page_with_all_a_trainer_needs(shipped: FlaskClient, content: Library) -> None:
    """Also those outside the programme: the story as a slide, the range beside it, questions, cards and answers."""
    index = shipped.get("/temadag/materiale/").text
    for name, case in content.cases.items():
        address = f"/temadag/sager/{name}/"
        assert f'href="{address}">{escape(case.title)}</a>' in index, name
        page = html.unescape(shipped.get(address).text)
        (wall,) = slides(page).values()
        assert case.title in wall and "man kan forsvare" not in wall
        beside = page.partition('<div class="manus">')[2]
        for line in (*case.discuss, *(part for card in cards(case) for part in (card.new, card.then))):
            assert line in beside, (name, line)
        assert all(content.texts and content.texts.levels[one].title in beside for one in case.expected.levels)


def unlike(content: Library, shipped: FlaskClient) -> list[str]:
    """Cases whose page does not say of the range what the wall and the result sheet say of it, beside and below."""
    wrong = []
    for name, case in content.cases.items():
        page = html.unescape(shipped.get(f"/temadag/sager/{name}/").text)
        beside, _, below = page.partition('id="til-dig"')
        said = f"<p>{results.allowed(case.expected.levels)}</p>"
        if (beside.count(said), below.count(said)) != (1, 1):
            wrong.append(name)
    return wrong


def test_what_a_range_means_is_said_by_its_levels(
    shipped: FlaskClient, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unlike(content, shipped) == []
    alone = shipped.get("/temadag/sager/skole-i-aften/").text
    assert alone.count("Ring 112 først.") == 2 and "spænd, ikke ét svar" not in alone, "one level is no range"
    every = html.unescape(shipped.get("/temadag/program/").text)
    programme = programme_of(content)
    assert programme
    for name in programme.cases:
        assert f"<p>{results.allowed(content.cases[name].expected.levels)}</p>" in every, name
    monkeypatch.setattr(material, "allowed", lambda levels: "Det er et spænd, ikke ét svar.")
    assert len(unlike(content, shipped)) == len(content.cases), "planted: one sentence for all"


def test_slides_say_what_the_guide_says(shipped: FlaskClient, content: Library) -> None:
    """Levels, parents rules, signs and law in the words of the registers, found anew by their ids."""
    assert content.texts
    for flow in FLOWS:
        programme = programme_of(content, flow)
        assert programme
        shown = slides(shipped.get(f"/temadag/oplaeg/{flow}/").text)
        for n, block in enumerate(programme.blocks.values(), start=1):
            slide = block.slide
            assert slide
            said = [content.texts.levels[level].title for level in slide.levels]
            said += [content.texts.parents[rule].title for rule in slide.parents]
            said += [content.law[name].title for name in slide.law]
            said += [
                kind.signs[name].title for name in slide.signs for kind in content.signs.values() if name in kind.signs
            ]
            assert len(said) == len((*slide.levels, *slide.parents, *slide.law, *slide.signs))
            for text in (slide.title, *said):
                assert str(escape(text)) in shown[f"slide-{n}"], (flow, n, text)


def twice(page: str) -> list[str]:
    """Where a rule stands, when a slide says a word of it two times."""
    told = [html.unescape(one) for one in re.findall(r'<span class="lov-nummer">(.*?)</span>', page)]
    assert told
    names = [[word for word in one.split() if word[:1].isupper()] for one in told]
    return [one for one, words in zip(told, names, strict=True) if len(set(words)) < len(words)]


def test_where_a_rule_stands_is_said_once(
    shipped: FlaskClient, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in PAGES:
        page = shipped.get(address).text
        assert twice("".join(slides(page).values())) == [], address
    assert "Ankestyrelsen om fagpersoners" in page
    monkeypatch.setattr(
        material, "place", lambda library, name: f"{library.act_of(name).title} {library.law[name].number}"
    )
    assert twice(shipped.get(PAGES[0]).text), "planted: the act, and again what names itself"


def test_what_a_jurist_has_not_confirmed_stands_without_its_number(shipped: FlaskClient, content: Library) -> None:
    shown = "".join("".join(slides(shipped.get(page).text).values()) for page in PAGES)
    assert "§ 133, stk. 1" in shown
    assert content.law["skoleleder-fravaer"].status == "to-check" and "§ 133, stk. 2" not in shown
    assert content.law["tavshedspligt"].status == "to-check" and "§ 27" not in shown


def test_the_script_and_the_range_never_stand_on_the_wall(shipped: FlaskClient, content: Library) -> None:
    """What the trainer says, and what can be defended, is beside the slide; the box before the slides hides both."""
    for address in PAGES:
        page = shipped.get(address).text
        assert page.index('id="kun-slides"') < page.index('<div class="slides">')
        wall = "".join(slides(page).values())
        for case in content.cases.values():
            assert str(escape(case.expected.why[:40])) not in wall
        assert "Det siger du" in page and "Det siger du" not in wall
    style = shipped.get("/static/temadag.css").text
    assert ".kun-slides:checked ~ .slides .manus { display: none; }" in style


def test_each_slide_is_reached_by_the_keyboard(shipped: FlaskClient) -> None:
    for address in PAGES:
        page = shipped.get(address).text
        ids = list(slides(page))
        assert ids == [f"slide-{n + 1}" for n in range(len(ids))]
        for here, there in zip(ids, ids[1:], strict=False):
            assert f'href="#{here}">Forrige' in page and f'href="#{there}">Næste' in page


def test_what_a_case_is_about_comes_before_its_title_and_story(shipped: FlaskClient, content: Library) -> None:
    """On every slide with a story, above every set of cards, and in the trainer's sheet, with the word of the door."""
    seen = 0
    for address in (*PAGES, *(f"/temadag/sager/{name}/" for name in content.cases)):
        page = html.unescape(shipped.get(address).text)
        for wall in slides(page).values():
            for case in content.cases.values():
                if case.title in wall:
                    assert wall.index(f"handler om {case.notice}.") < wall.index("gå ud") < wall.index(case.title)
                    seen += 1
        cards_and_answers = page.partition('id="kort"')[2].partition('aria-labelledby="efter"')[0]
        parts = cards_and_answers.split("<h3>")[1:]
        assert len(parts) % 2 == 0 and parts
        for part in parts:
            case = next(one for one in content.cases.values() if part.startswith(f"{one.title}</h3>"))
            first = min(part.index(tag) for tag in ('<ul class="kort">', "<h4>") if tag in part)
            assert 0 < part.find(f"handler om {case.notice}.") < first, (address, case.title)
            if case.cards_notice:
                assert part.find(f"til sidst handler også om: {case.cards_notice}.") < first, (address, case.title)
                assert case.cards_notice in part[:first]
    assert seen == 2 + sum(len(one.cases) for one in content.training.values() if one.flow) + len(content.cases)


def test_the_programme_has_the_rules_and_boxes_to_tick(shipped: FlaskClient, content: Library) -> None:
    page = shipped.get("/temadag/program/").text
    programme = programme_of(content)
    assert programme
    rules, _, lists = page.partition('id="regler"')[2].partition('id="tjekliste"')
    boxes = "".join(re.findall(r'<ul class="tjek">(.*?)</ul>', lists, re.DOTALL))
    told = html.unescape(re.sub(r"</?strong>", "", rules))
    needs = [line for block in programme.blocks.values() for line in block.needs]
    assert all(line.replace("**", "") in told for line in programme.rules)
    ticked = (*programme.before, *needs, *programme.during, *programme.after)
    assert boxes.count("<li>") == len(ticked) and all(line in html.unescape(boxes) for line in ticked)
    start = shipped.get("/temadag/materiale/").text
    for anchor in ("regler", "tjekliste"):
        assert f'href="/temadag/program/#{anchor}"' in start and f'id="{anchor}"' in page


def test_what_a_trainer_ticks_stands_in_one_place(content: Library) -> None:
    """The page for trainers points to the rules and the list, and says none of their lines again."""
    manual = " ".join((Path(__file__).parents[2] / "docs" / "temadag.md").read_text("utf-8").split())
    programme = programme_of(content)
    assert programme and "/temadag/program/#tjekliste" in manual and "/temadag/program/#regler" in manual
    lines = (*programme.rules, *programme.before, *programme.during, *programme.after)
    assert [line for line in lines if line in manual] == []


def test_the_plan_says_what_is_on_the_wall_and_where_to_turn(shipped: FlaskClient, content: Library) -> None:
    page = shipped.get("/temadag/program/").text
    programme = programme_of(content)
    assert programme
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2].partition("</tbody>")[0], re.DOTALL)
    shown = [re.findall(r"<td>(.*?)</td>", row)[1] for row in rows]
    assert shown[:3] == ["slides", "<strong>slides, så rummet</strong>", "<strong>slides</strong>"]
    turns = [one.turn for one in timed(programme)]
    assert turns[:3] == [False, False, True] and page.count("Skift nu.") == sum(turns)
    for n, one in enumerate(timed(programme), start=1):
        beside = page.partition(f'id="slide-{n}-navn"')[2].partition("</section>")[0]
        bare = re.sub("<.*?>", "", shown[n - 1])
        assert f"På væggen: {bare}.</strong>" in beside, one.name
    assert 'href="/temadag/?program=1"' in page
    assert "På væggen:" not in shipped.get("/temadag/oplaeg/skole/").text


def test_nothing_on_the_pages_needs_a_script_or_an_inline_style(shipped: FlaskClient, content: Library) -> None:
    """The only script turns slides; what it tells is hidden until it runs, and links do the same."""
    for address in (*PAGES, f"/temadag/sager/{next(iter(content.cases))}/", "/temadag/materiale/"):
        page = shipped.get(address).text
        scripts = re.findall(r"<script.*?</script>", page)
        assert all(re.fullmatch(r'<script defer src="/static/slides\.js[^"]*"></script>', one) for one in scripts)
        assert len(scripts) == page.count("<span data-taster hidden>") == (address != "/temadag/materiale/")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), address
        assert re.findall(r'id="([^"]+)"', page) == list(dict.fromkeys(re.findall(r'id="([^"]+)"', page))), address


def test_a_card_shows_what_is_new_and_keeps_what_follows_back(shipped: FlaskClient, content: Library) -> None:
    for case in content.cases.values():
        for card, change in zip(cards(case), case.changes, strict=True):
            assert card.new.startswith("Nu ") and card.then and f"{card.new} {card.then}" == change
    page = shipped.get("/temadag/program/").text
    printed = "".join(re.findall(r'<ul class="kort">(.*?)</ul>', page, re.DOTALL))
    programme = programme_of(content)
    assert programme
    for name in programme.cases:
        for card in cards(content.cases[name]):
            assert str(escape(card.new)) in printed and str(escape(card.then)) not in printed


def test_the_minutes_of_the_plan_add_up(content: Library) -> None:
    programme = programme_of(content)
    assert programme
    plan = list(timed(programme))
    assert [one.begins for one in plan][0] == 0
    assert plan[-1].begins == 110 and plan[-1].begins + plan[-1].block.minutes == programme.minutes


def test_a_kommune_of_its_own_shows_its_numbers(tmp_path: Path) -> None:
    """On demo content with a programme; an installation of all kommuner shows the national contact."""
    root = tmp_path / "content"
    shutil.copytree(DEMO, root)
    (root / "training").mkdir()
    for file, text in FILES.items():
        (root / file).write_text(text.replace("[alarm]", "[modtagelse]"), encoding="utf-8")
    for scope, own in (("proeve", True), ("", False)):
        settings = config.read(
            {"GUIDE_DATA": str(tmp_path / f"data{scope}"), **({"GUIDE_SCOPE": scope} if scope else {})}
        )
        page = create_app(settings, root).test_client().get("/temadag/program/").text
        assert ("88 12 34 56" in page) is own, scope


@pytest.mark.parametrize(
    "address",
    ["/temadag/oplaeg/findes-ikke/", "/temadag/sager/findes-ikke/", "/temadag/program/", "/temadag/oplaeg/tre/"],
)
def test_what_is_not_there_is_not_found(app: Flask, address: str) -> None:
    """The demo content has no material."""
    assert app.test_client().get(address).status_code == 404
    assert app.test_client().get("/temadag/materiale/").status_code == 200

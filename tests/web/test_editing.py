"""The preview and its room: there only, of drafts too, read anew when a file is saved, as of the hour one chooses."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from guide import config
from guide.cli import content, main
from guide.flows.finding import Finding
from guide.library import force
from guide.library.checks import RESERVED
from guide.library.library import Library, Own, Playable
from guide.model import Approval, Scenario
from guide.paper.tray import Tray
from guide.web import create_app, editing_differences, editing_findings, editing_parts
from guide.web.preview import DatedTray, Preview
from tests.conftest import DEMO
from tests.web.editing_room import REAL_NOW, ROOM, text


def test_the_room_is_on_no_other_server(client: FlaskClient) -> None:
    for address in ("/redaktion/", "/redaktion/proeve/", "/redaktion/udgave", "/redaktion/proeve/tre/kort"):
        assert client.get(address, follow_redirects=True).status_code == 404
    assert client.post("/redaktion/tid", data={"dag": "2026-12-24"}).status_code in (404, 405)
    assert "data-udgave" not in client.get("/").get_data(as_text=True)


def test_the_route_list(app: Flask, preview: Preview) -> None:
    here = {rule.rule for rule in preview.app.url_map.iter_rules()} - {rule.rule for rule in app.url_map.iter_rules()}
    flow = "/redaktion/<municipality>/<flow>/"
    assert here == {
        *("/redaktion/", "/redaktion/udgave", "/redaktion/tid"),
        *("/redaktion/<municipality>/", "/redaktion/<municipality>/stemmer"),
        *(flow + page for page in ("kort", "alt", "forskel", "historier", "herfra")),
    }
    assert "redaktion" in RESERVED


def test_every_page_says_that_it_is_the_preview(visitor: Client) -> None:
    pages = ["/", "/egen/", "/egen/kontakt/", "/egen/tre/", "/lov/", "/redaktion/", "/redaktion/egen/"]
    for address in (*pages, *(ROOM + page for page in ("kort", "alt", "forskel", "historier"))):
        assert "<strong>Forhåndsvisning.</strong>" in text(visitor.get(address)), address
    assert "<strong>Forhåndsvisning.</strong>" in visitor.get("/findes/ikke/her").get_data(as_text=True)


def test_drafts_are_shown_here_and_nowhere_else(visitor: Client, added: Path, tmp_path: Path) -> None:
    for page in ("", "tre/kort", "tre/alt", "tre/forskel"):
        assert "Kladde: ikke godkendt" in text(visitor.get(f"/redaktion/egen/{page}"))
    assert "Sover barnet?" in text(visitor.get(ROOM + "kort"))
    assert "Kladde" not in text(visitor.get("/redaktion/proeve/tre/kort"))
    served = create_app(config.read({"GUIDE_DATA": str(tmp_path / "other"), "GUIDE_CONTENT": str(added)}), DEMO)
    assert "sover" not in served.extensions["guide"].playable("egen", "tre").flow.questions


def test_the_overview_counts_the_places_that_differ(visitor: Client) -> None:
    page = text(visitor.get("/redaktion/egen/"))
    assert "Egen Kommune adskiller sig 5 steder fra det nationale flow" in page
    assert "Alle 6 historier går, som de skal." in page
    page = text(visitor.get(ROOM + "forskel"))
    for said in ("Eget svar:", "Jeres boks:", "Eget spørgsmål:", "Ændret vej:", "Vores boks om slag."):
        assert said in page
    assert "Står for det nationale svar «Ved ikke»" in page
    before, now = "Undr dig videre", "<strong>Hold øje</strong>"
    assert before in page and now in page and "Sover barnet? <strong>Nej</strong>" in page
    bare = text(visitor.get("/redaktion/hele-landet/tre/forskel"))
    assert "Som det nationale flow" in bare and "Til jer, der godkender" not in bare


def test_who_approves_is_told_the_very_text_that_was_read(visitor: Client, preview: Preview) -> None:
    library: Library = preview.app.extensions["guide"].library
    own = library.flows_in("egen")["tre"]
    assert isinstance(own, Own)
    for page in (ROOM + "alt", ROOM + "forskel", "/redaktion/egen/"):
        told = re.sub(r"</?(?:span|code)[^>]*>", "", text(visitor.get(page)))
        assert f"«Egen Kommune, tre, tekst {own.text}, nationalt {own.base}»" in told, page
        assert f"navne, niveauer, tilbud og breve, tekst {library.rooms['egen'].text}»" in told, page
        assert "Den er ikke godkendt endnu." in told
    assert "1a2b</span><span>3c4d" in str(
        preview.app.jinja_env.from_string("{% import 'editing/pieces.html' as p %}{{ p.digits('1a2b3c4d') }}").render()
    )


def test_an_approval_of_another_text_does_not_stand(preview: Preview) -> None:
    library: Library = preview.app.extensions["guide"].library
    own = library.flows_in("egen")["tre"]
    assert isinstance(own, Own)
    said = {"authority": "A", "profession": "B", "date": date(2026, 11, 1), "next": date(2027, 5, 1), "base": own.base}
    stands = []
    for print_ in (None, own.text, own.base):
        approved = Approval.model_validate({**said, "text": print_}) if print_ else None
        read = replace(own, overlay=own.overlay.model_copy(update={"approved": approved}))
        stands.append(editing_differences.prints(library, "egen", read)[0].stands)
    assert stands == [False, True, False]


def test_all_that_is_other_is_shown_in_full(visitor: Client) -> None:
    page = text(visitor.get(ROOM + "forskel"))
    for said in (
        *("Søvn siger noget.", "Søvn er om natten.", "Et barn er træt.", "Find ud af: Om barnet sover."),
        *("Fører til «Hold øje».", "nationalt → hos jer", "12 34 56 78", "man-fre 9-15", "Familiehuset for alle."),
        *("Onsdagsmødet", "Gul", "Kære {{modtager}}", "Det var en god snak.", "#14573f"),
    ):
        assert said in page, said
    assert "før → nu" not in page
    for page in (text(visitor.get("/redaktion/egen/flere/forskel")), text(visitor.get("/redaktion/egen/"))):
        assert "Trinene er som i det nationale flow. Jeres eget her: 1 egen kontakt, 1 navn" in page


def test_a_story_without_words_says_what_it_answers(demo: Library) -> None:
    flow = demo.flows["tre"].flow
    bare = Scenario.model_validate({"title": ".", "answers": {"akut-fare": "nej", "slag": "ja"}, "ends": "undren"})
    said = editing_parts.story_title(bare, flow)
    assert flow.questions["slag"].title in said and flow.questions["slag"].options["ja"].label in said


def test_stories_that_meet_own_steps_come_first(visitor: Client) -> None:
    page = text(visitor.get(ROOM + "historier"))
    first, _, rest = page.partition("Går som nationalt:")
    assert "Kommer forbi jeres:" in first and "Kommer forbi jeres:" not in rest and rest.count("<li>") > 1


def test_the_map_marks_boxes_and_leads_to_each_own_part(visitor: Client) -> None:
    page = text(visitor.get(ROOM + "kort"))
    parts = page.partition('class="egne-dele"')[2].partition("</nav>")[0]
    assert re.findall('href="#kort-([^"]+)"', parts) == re.findall("kort-([a-z-]+)", parts)
    assert {"sover", "slag", "bekymring"} <= set(re.findall("kort-([a-z-]+)", parts))
    for step in re.findall("kort-([a-z-]+)", parts):
        assert page.count(f'id="kort-{step}"') == 1
    assert re.search(r'class="boks udfald-bekymring roert">', page) and ">jeres boks</text>" in page
    assert "Bekymring · Gul" in page


def test_every_link_of_the_map_leads_somewhere(visitor: Client) -> None:
    page, whole = text(visitor.get(ROOM + "kort")), text(visitor.get(ROOM + "alt"))
    links = re.findall(r'<a href="([^"#]*)#([^"]+)"', page)
    assert {anchor for _, anchor in links} > {"sover", "slag", "bekymring"}
    for address, anchor in links:
        assert f'id="{anchor}"' in (whole if address else page), anchor
    ids = re.findall(r'\bid="([^"]+)"', whole)
    assert len(ids) == len(set(ids))
    named = " ".join(re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', whole)).split()
    assert set(named) <= set(ids)


def test_all_pages_are_whole_and_own_parts_are_marked(visitor: Client) -> None:
    whole = text(visitor.get(ROOM + "alt"))
    for said in ("Sover barnet?", "Måske nok", "Vores boks om slag.", "Vores boks om bekymring.", "Undr dig videre"):
        assert said in whole
    assert "<script" not in whole.partition("<main")[2].partition("</main>")[0]
    assert whole.count("jeres eget") == 3  # the question in the list too
    assert "jeres eget" in text(visitor.get(ROOM + "kort"))


@pytest.mark.usefixtures("clock")
def test_a_visitor_sees_the_guide_as_of_a_chosen_hour_and_nobody_else_does(preview: Preview) -> None:
    one, other = Client(preview), Client(preview)
    answer = one.post("/redaktion/tid", data={"dag": "2029-12-24", "tid": "15:30", "tilbage": "/egen/kontakt/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/egen/kontakt/")
    page = text(one.get("/egen/kontakt/"))
    assert "mandag 24. december 2029 kl. 15.30" in page and "mandag 24. december kl. 15.30" in page
    assert "24. december 2029" not in text(other.get("/egen/kontakt/")) and force.now().year < 2029
    for page in (text(one.get(ROOM + "alt")), text(one.get("/egen/vejledning/straks?fag=tre"))):
        assert "24. december 2029" in page
    one.post("/redaktion/tid", data={"nu": "1", "tilbage": "//evil.example/x"})
    assert "2029" not in text(one.get("/egen/kontakt/"))


@pytest.mark.usefixtures("clock")
def test_the_clock_stands_for_those_inside_only() -> None:
    with force.turned(datetime(2026, 12, 24, 15, 30)):
        assert f"{force.now():%Y-%m-%d %H:%M}" == "2026-12-24 15:30" and str(force.today()) == "2026-12-24"
        there = DatedTray(DEMO, "x").folder
    assert str(force.today()) == str(REAL_NOW().date())
    assert there != DatedTray(DEMO, "x").folder and there.parent == Tray(DEMO, "x").folder.parent
    turns = [
        path.name for path in (DEMO.parents[1] / "guide").rglob("*.py") if "force.turned(" in path.read_text("utf-8")
    ]
    assert turns == ["preview.py"]


@pytest.mark.parametrize("written", ["2026-13-40T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "x", "2026-12-24T"])
def test_a_moment_that_is_none_is_left_out(visitor: Client, written: str) -> None:
    visitor.set_cookie("redaktion-tid", written)
    assert "Vises, som den er" not in text(visitor.get("/egen/kontakt/"))


def test_the_guide_can_be_tried_from_any_step(visitor: Client, preview: Preview) -> None:
    playable: Playable = preview.app.extensions["guide"].playable("egen", "tre")
    for step in (*playable.flow.questions, *playable.flow.outcomes):
        answer = visitor.post(ROOM + "herfra", data={"trin": step})
        assert answer.status_code == 303
        page = text(visitor.get(answer.headers["Location"]))
        assert re.search(f'data-(step|outcome)="{step}"', page), step
    assert visitor.post(ROOM + "herfra", data={"trin": "findes-ikke"}).headers["Location"] == "/egen/tre/1"


def test_nothing_is_counted(visitor: Client, preview: Preview) -> None:
    page = visitor.post("/egen/tre/start").headers["Location"]
    tag = re.findall(r'name="forloeb" value="([^"]+)"', text(visitor.get(page)))[0]
    visitor.post(page, data={"trin": "akut-fare", "svar": "nej", "forloeb": tag})
    assert "slag" in text(visitor.get("/egen/tre/2"))
    kept = [path for path in preview.settings.data.rglob("*") if path.is_file()]
    assert {path.name for path in kept if path.parent.name != "verdicts"} <= {"secret-key"}  # those are of files only


def test_a_story_that_goes_wrong_is_told(demo: Library) -> None:
    wrong = Scenario.model_validate({"title": "Galt", "answers": {"akut-fare": "nej", "slag": "ja"}, "ends": "undren"})
    library = Library(flows=demo.flows, scenarios={"tre": {"galt": wrong, **demo.scenarios["tre"]}})
    told = {story.id: story.wrong for story in editing_parts.stories(library, demo.flows["tre"])}
    assert told.pop("galt") and not any(told.values())


def test_an_error_told_elsewhere_is_shown_with_the_kommune_that_causes_it() -> None:
    here = Finding("municipalities/egen/municipality.yaml", 3, 1, "her")
    other, warned = Finding("flows/tre/flow.yaml", 1, 1, "der"), replace(here, warning=True)
    found = editing_findings.of_kommune([warned, here, other], {"egen": (other,), "nabo": (here,)}, "egen")
    assert found == [other, here, warned]


def said(monkeypatch: pytest.MonkeyPatch, *asked: str, taken: bool = False) -> str:
    """What `guide preview` says; its server ends at once, or finds the port taken."""

    def server(*_: object, **__: object) -> Mock:
        if taken:
            raise SystemExit(1)
        return Mock(serve_forever=Mock(side_effect=KeyboardInterrupt))

    monkeypatch.setattr("werkzeug.serving.make_server", server)
    monkeypatch.setattr(content, "content_root", lambda: DEMO)
    return CliRunner().invoke(main, ["preview", *asked]).output


def test_the_command_says_where_to_look_and_what_it_reads(monkeypatch: pytest.MonkeyPatch, added: Path) -> None:
    monkeypatch.setenv("GUIDE_CONTENT", "")
    monkeypatch.chdir(added)
    output = said(monkeypatch, "--kommune", "egen")
    assert "http://127.0.0.1:8010/redaktion/egen/" in output and f"Læser {added}" in output
    assert "Mente du «egen»?" in said(monkeypatch, "--kommune", "eggen")
    assert "andre på nettet" in said(monkeypatch, "--host", "0.0.0.0") and "andre" not in output
    assert "er ikke en IP-adresse" in said(monkeypatch, "--host", "her")
    assert "Prøv --port 8012" in said(monkeypatch, "--port", "8011", taken=True)
    assert not list(added.glob("guide-data"))


def test_text_is_read_only_inside_the_folders(added: Path) -> None:
    (added.parent / "hemmelig.yaml").write_text("x", "utf-8")
    assert editing_findings.folder_with("../hemmelig.yaml", [added]) is None
    assert editing_findings.folder_with("municipalities/egen/municipality.yaml", [DEMO, added]) == added
    (added / "link.yaml").symlink_to(added.parent / "hemmelig.yaml")
    assert editing_findings.folder_with("link.yaml", [added]) is None
    assert editing_findings.folder_with("\0", [added]) is None

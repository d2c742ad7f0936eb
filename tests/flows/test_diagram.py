"""The Mermaid text: every step, label and level, and nothing that breaks the drawing."""

from __future__ import annotations

from guide.flows.diagram import mermaid
from guide.library.library import Library
from guide.model import Flow


def test_every_step_and_way(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    drawn = mermaid(flow)
    assert drawn.startswith("flowchart TD\n")
    for step in (*flow.questions, *flow.outcomes):
        assert f"  trin-{step}[" in drawn or f"  trin-{step}([" in drawn
    assert 'trin-akut-fare -->|"Nej"| trin-hvad' in drawn
    assert 'trin-hvem -.->|"hvad: slag; hvem: hjemme"| trin-straks' in drawn
    assert ":::straks" in drawn and "classDef straks" in drawn


def test_marks_in_texts_cannot_end_a_label(demo: Library) -> None:
    data = demo.flows["tre"].flow.model_dump(by_alias=True)
    data["questions"]["slag"]["title"] = 'Sagde "nogen" <b>det</b> & mere?'
    drawn = mermaid(Flow.model_validate(data))
    assert 'trin-slag["Sagde #quot;nogen#quot; #lt;b#gt;det#lt;/b#gt; #amp; mere?"]' in drawn

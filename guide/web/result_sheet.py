"""The result sheet of a temadag to download: what was shown on the wall, as PDF, or as a page where no PDF can be made.

It is made when the trainer asks, from what the wall showed, and kept nowhere. Not here: what stands on it
(`guide/paper/results.py`), and who may have it (`temadag.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from flask import Response, current_app, render_template
from markupsafe import Markup

from guide.library import force
from guide.library.library import NOWHERE
from guide.paper.results import Asked, Talked, inner, results
from guide.paper.tray import Tray
from guide.paper.unkept import handed
from guide.training.session import Session, Stage
from guide.training.store import Store
from guide.training.votes import Kind
from guide.web import Shelf
from guide.web.results import revealed

BUSY, FAILED = 15, 600
"""Seconds until one may ask again (Retry-After): while a paper is being made, and when it could not be made."""


def result_sheet(
    on: Shelf, session: Session, store: Store, code: str, questions: dict[Kind, str], titled: Callable[[str], str]
) -> Response:
    """The file; 503 with the same as a page to print when no PDF can be made now."""
    talked = list(_talked(on, session, store, code, questions, titled))
    now, gone = force.now(), datetime.fromtimestamp(session.ends, force.DENMARK)
    kommune = session.kommune if session.kommune in on.library.municipalities else NOWHERE
    tray: Tray = current_app.extensions["guide.tray"]
    made = handed(tray.data, results(on.library, kommune, talked, now, gone))
    if isinstance(made, str):
        body = Markup(inner(on.library, kommune, talked, now, gone))
        shown = render_template("training/sheet.html", title="Resultatark", busy=made == "busy", code=code, sheet=body)
        return Response(shown, 503, {"Retry-After": str(BUSY if made == "busy" else FAILED)})
    response = Response(made, content_type="application/pdf")
    name = f"temadag-oevelse-{now.date().isoformat()}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _talked(
    on: Shelf, session: Session, store: Store, code: str, questions: dict[Kind, str], titled: Callable[[str], str]
) -> Iterator[Talked]:
    """The cases with what was shown of them, as the wall showed it."""
    for case in session.cases:
        asked = []
        first = {kind: session.of(case, kind)[0] for kind in questions if session.of(case, kind)}
        for kind, question in sorted(questions.items(), key=lambda pair: first.get(pair[0], 0)):
            told = [
                revealed(on, replace(session, on=number), store, code)
                for number in session.of(case, kind)
                if session.rounds[number].stage is Stage.shown
            ]
            if told:
                asked.append(Asked(question, told[0], told[1] if len(told) > 1 else None))
        if asked:
            yield Talked(titled(case), on.library.cases.get(case), tuple(asked))

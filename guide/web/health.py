"""Health, for whoever watches the installation: is it alive, can it serve, and what should somebody look at.

`/health/ready` says 200 as long as guidance can be served; what is wrong besides stands in `findings`. Neither page
asks the database: a page of the guide does not, either. What is told here may be read by anybody: no file names, no
addresses, nothing about visitors. `guide check` says where in the content a finding is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response

import guide
from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.library import Library
from guide.web import Shelf, shelf

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> Response:
    """The process answers; nothing else is asked."""
    return _json({"status": "ok"})


@blueprint.get("/ready")
def ready() -> Response:
    """200 when a flow can be walked, else 503; with the content, the version and the findings."""
    told = report(shelf())
    return _json(told, 200 if told["status"] == "ok" else 503)


def _json(told: dict[str, Any], status: int = 200) -> Response:
    """Danish letters as they are: people read this in a terminal too."""
    return Response(json.dumps(told, ensure_ascii=False, indent=2) + "\n", status, mimetype="application/json")


def report(on: Shelf) -> dict[str, Any]:
    """What `/health/ready` tells: status `ok` or `unavailable`, and findings as {kind, message}, in Danish."""
    flows = sorted(on.library.flows)
    findings = [
        *content(on.findings),
        *kept_back(on.failing),
        *overdue(on.library),
        *({"kind": "taelling", "message": text} for text in on.counting.findings()),
    ]
    if not flows:
        findings.insert(0, {"kind": "indhold", "message": "Der er intet flow at vise. Kør «guide check»."})
    return {
        "status": "ok" if flows else "unavailable",
        "version": guide.__version__,
        "content": on.library.digest,
        "flows": flows,
        "findings": findings,
    }


def overdue(library: Library) -> list[dict[str, str]]:
    """That something has not been looked at for so long that pages say so and `guide check` fails; it stops nothing."""
    checked = [ref.checked for ref in library.law.values()]
    checked += [contact.checked for contact in library.contacts.values() if contact.checked]
    day = force.today()
    reviews = [playable.flow.reviewed for playable in library.flows.values()]
    if not (force.oldest(checked, day) or force.oldest(reviews, day, force.REVIEW_WARNS)):
        return []
    return [{"kind": "indhold", "message": "Noget er ikke efterset i et år eller mere. Kør «guide check»."}]


def kept_back(failing: Mapping[str, int]) -> list[dict[str, str]]:
    """Whose newest files have errors and are not served, and how many errors. Where they are is for `guide check`."""
    said = []
    for name, number in sorted(failing.items()):
        what = f"hos «{name}»: {number}. Kommunens" if name else f"i det nyeste indhold: {number}. Det"
        said.append({"kind": "indhold", "message": f"Fejl {what} sidste gode bliver vist. Kør «guide check»."})
    return said


def content(found: Iterable[Finding]) -> list[dict[str, str]]:
    """The number of findings on the content. Where they are is not told: that names files of this machine."""
    found = list(found)
    wrong, warnings = len(errors(found)), len(found) - len(errors(found))
    said = []
    if wrong:
        said.append(f"Fejl i indholdet: {wrong}.")
    if warnings:
        said.append(f"Advarsler om indholdet: {warnings}.")
    return [{"kind": "indhold", "message": f"{' '.join(said)} Kør «guide check»."}] if said else []

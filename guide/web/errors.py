"""Error pages: in Danish, with 112 and a way on. Logs carry type, route template and an id, never an address."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

TEXTS = {
    400: ("Det kunne siden ikke læse", "Gå tilbage, og prøv igen, eller begynd forfra."),
    403: ("Afvist", "Formularen kom fra et andet websted. Begynd forfra fra forsiden."),
    404: ("Siden findes ikke", "Adressen er forkert, eller siden er flyttet."),
    405: ("Det kan siden ikke", "Begynd forfra fra forsiden."),
    413: ("Det var for meget på én gang", "Gå tilbage, og vælg dit svar igen."),
    415: ("Det kunne siden ikke læse", "Gå tilbage, og vælg dit svar på siden."),
    422: ("Svaret kunne ikke bruges", "Gå tilbage, og vælg et svar."),
    429: ("Der er travlt lige nu", "Vent et øjeblik, og prøv igen."),
    500: ("Noget gik galt hos os", "Dine svar er ikke gemt hos os. Prøv igen om lidt."),
}
"""Status -> heading and the way on."""

log = logging.getLogger("guide")

BARE = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><title>Bekymringsguiden</title></head><body><main>
<h1>Siden kan ikke vises</h1><p><a href="/">Gå til forsiden</a>, og prøv igen.</p>
<p>Er et barn i fare nu? <a href="tel:112">Ring 112</a>. Ellers kan du få fat i den sociale vagt på
<a href="tel:114">114</a>.</p></main></body></html>
"""
"""Shown when even the error page cannot be made, as for a request whose host makes no sense."""


def install(app: Flask) -> None:
    """One page for every HTTP error, and one for what we did not foresee."""
    app.register_error_handler(HTTPException, known)
    app.register_error_handler(Exception, unknown)
    app.log_exception = lambda exc_info: log.error("%s", exc_info[0])  # type: ignore[method-assign]


def known(error: HTTPException) -> AnyResponse:
    """An error with a status; redirects and answers that carry their own response pass through."""
    status = error.code or 500
    if error.response is not None:
        return error.get_response()
    response = page(status)
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def unknown(error: Exception) -> Response:
    """A fault of ours: the log gets its type, the route template and an id that the page shows."""
    number = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else "-"
    log.error("%s in %s, id %s", type(error).__name__, rule, number)
    return page(500, number)


def page(status: int, number: str | None = None) -> Response:
    """The error page of a status; the nearest known one when there is none."""
    heading, way_on = TEXTS.get(status) or TEXTS[400 if status < 500 else 500]
    try:
        practice = request.path.startswith("/ov/")
        template = "training/error.html" if practice else "errors/error.html"
        shown = render_template(template, heading=heading, way_on=way_on, number=number, title=heading)
    except Exception as error:
        log.error("%s in the error page", type(error).__name__)
        shown = BARE
    return Response(shown, status)

"""The floor: what the same walk costs in bare Flask and Jinja2, written as one would by hand. Nothing of the guide.

A dictionary table for the flow, the same texts (help and reasons as HTML in the table), the same response headers,
pages by gzip, a cookie sealed with Fernet that is opened on every request and sealed on every POST.
BENCH_TABLE names the table.
"""

from __future__ import annotations

import json
import os
import secrets
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Flask, Response, abort, render_template, request

IDLE = 30 * 60
"""Seconds."""


def static() -> Callable[..., list[bytes]]:
    """Ready bytes, without Flask: what server and load maker can do at most."""
    page = b"x" * 8_000

    def app(_: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(page)))])
        return [page]

    return app


def create_app() -> Flask:
    """The floor on the table that BENCH_TABLE names."""
    table: dict[str, Any] = json.loads(Path(os.environ["BENCH_TABLE"]).read_text(encoding="utf-8"))
    steps, fernet = table["steps"], Fernet(table["key"])
    app = Flask(__name__, static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def opened() -> dict[str, Any]:
        try:
            walk: dict[str, Any] = json.loads(fernet.decrypt(request.cookies.get("walk", ""), ttl=IDLE))
        except InvalidToken:
            abort(404)
        return walk

    def go(walk: dict[str, Any], place: str, n: int) -> Response:
        response = Response("", 303, {"Location": f"/{place}/{n}"})
        sealed = fernet.encrypt(json.dumps(walk, separators=(",", ":")).encode()).decode()
        response.set_cookie("walk", sealed, path="/", secure=request.is_secure, httponly=True, samesite="Lax")
        return response

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.extend(table["headers"])
        response.headers["Vary"] = "Accept-Encoding"
        body = response.get_data()
        if len(body) > 500 and "gzip" in request.headers.get("Accept-Encoding", ""):
            packer = zlib.compressobj(3, wbits=31)
            response.set_data(packer.compress(body) + packer.flush())
            response.headers["Content-Encoding"] = "gzip"
        return response

    @app.post("/<municipality>/<flow>/start")
    def start(municipality: str, flow: str) -> Response:
        walk = {"k": secrets.token_urlsafe(16), "t": secrets.token_hex(8), "s": int(time.time()), "a": {}}
        return go(walk, f"{municipality}/{flow}", 1)

    @app.get("/<municipality>/<flow>/<int:n>")
    def show(municipality: str, flow: str, n: int) -> str:
        walk, path = opened(), [table["start"]]
        while (answer := walk["a"].get(path[-1])) and len(path) < n:
            path.append(steps[path[-1]]["next"][answer[0]])
        if len(path) != n:
            abort(404)
        return render_template(
            "floor.html",
            place=f"/{municipality}/{flow}",
            municipality=municipality,
            name=table["municipality"],
            step=path[-1],
            question=steps[path[-1]],
            answered=[(steps[s], walk["a"][s]) for s in path[:-1]],
            chosen=walk["a"].get(path[-1], ()),
            tag=walk["t"],
            position=n,
        )

    @app.post("/<municipality>/<flow>/<int:n>")
    def answer(municipality: str, flow: str, n: int) -> Response:
        walk = opened()
        step, chosen = request.form["trin"], request.form.getlist("svar")
        if request.form["forloeb"] != walk["t"] or not chosen or not steps[step]["options"].keys() >= set(chosen):
            abort(422)
        walk["a"][step] = chosen
        return go(walk, f"{municipality}/{flow}", n + 1)

    return app

"""`guide serve` for real: from a wheel, without settings, with two workers; and under another server."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from waitress.server import create_server

from tests.conftest import DEMO
from tests.running import MAIN

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked: what `pip install .` puts into a venv."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        packed.extractall(folder / "site")
    assert "guide/_content/da/law/barnets-lov.yaml" in names
    assert "guide/web/static/dkfds/css/dkfds.min.css.gz" in names and "guide/web/templates/base.html" in names
    assert not [name for name in names if name.startswith(("tests/", "content/"))]
    return folder / "site"


def wait_for(port: int) -> None:
    """Until somebody listens, at most 60 seconds: everything is read and proven first."""
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("nobody listens")


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """(what it printed first, port) of `guide serve` with no setting at all, run from an empty folder."""
    port, cwd = free_port(), tmp_path_factory.mktemp("cwd")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")} | {"PYTHONPATH": str(installed)}
    code = (
        f"import guide, sys; assert guide.__file__.startswith({str(installed)!r}); from guide.cli import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, "serve", "--port", str(port)],
        cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    wait_for(port)
    yield first, port
    os.killpg(process.pid, signal.SIGTERM)
    rest = process.communicate(timeout=20)[0]
    assert "Traceback" not in rest and "127.0.0.1" not in rest, rest
    assert [p.name for p in cwd.iterdir()] == ["guide-data"]


def ask(port: int, method: str, address: str, cookie: str = "", **form: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = (
        {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        if method == "POST"
        else {"Cookie": cookie}
    )
    connection.request(method, address, urllib.parse.urlencode(form), headers)
    return connection.getresponse()


def walk(port: int) -> None:
    start = ask(port, "POST", "/eksempel/tandpleje/start")
    assert (start.status, start.headers["Location"]) == (303, "/eksempel/tandpleje/1")
    cookie = start.headers["Set-Cookie"].split(";")[0]
    answered = ask(port, "POST", "/eksempel/tandpleje/1", cookie, trin="akut-fare", svar="ved-ikke")
    assert answered.headers["Location"] == "/eksempel/tandpleje/2"
    cookie = answered.headers["Set-Cookie"].split(";")[0]
    for _ in range(6):  # whichever worker answers, it can open the cookie
        page = ask(port, "GET", "/eksempel/tandpleje/2", cookie)
        assert page.status == 200 and 'data-level="akut"' in page.read().decode()


def test_the_address_is_printed_and_a_walk_goes_through(served: tuple[str, int]) -> None:
    first, port = served
    assert f"http://127.0.0.1:{port}" in first
    walk(port)


def test_style_sheets_come_compressed_and_may_be_kept(served: tuple[str, int]) -> None:
    _, port = served
    page = ask(port, "GET", "/").read().decode()
    for address in re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", address.replace("&amp;", "&"), headers={"Accept-Encoding": "gzip"})
        response = connection.getresponse()
        assert response.status == 200 and response.headers["Content-Encoding"] == "gzip"
        assert (
            response.headers["Content-Type"].startswith("text/css") and "immutable" in response.headers["Cache-Control"]
        )
    plain = ask(port, "GET", "/static/app.css")
    assert "Content-Encoding" not in plain.headers and plain.headers["Cache-Control"] == "no-cache"
    for outside in ("/static/../web/walks.py", "/static/%2e%2e/walks.py", "/static//etc/passwd", "/static/"):
        assert ask(port, "GET", outside).status in (308, 404)


def test_no_server_software_is_told(served: tuple[str, int]) -> None:
    assert ask(served[1], "GET", "/").headers.get_all("Server") == ["guide"]


def test_waitress_works_too(app: Flask) -> None:
    server = create_server(app, host="127.0.0.1", port=0, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    start = ask(server.effective_port, "POST", "/proeve/tre/start")
    assert (start.status, start.headers["Location"]) == (303, "/proeve/tre/1")
    server.asyncore.close_all(server._map)


def test_gunicorn_works_too(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": str(installed), "GUIDE_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "gthread", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "guide.web.live:application()"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    )
    wait_for(port)
    walk(port)
    process.terminate()
    assert "Traceback" not in process.communicate(timeout=20)[1]


def test_content_with_errors_is_not_served(tmp_path: Path) -> None:
    """The real command: with an error in the base there is nothing to serve."""
    root = Path(shutil.copytree(DEMO, tmp_path / "content"))
    (root / "municipalities" / "proeve" / "municipality.yaml").write_text(
        "name: Prøve Kommune\nexample: true\ncontacts: {modtagelse: {titel: Fejl}}\n", encoding="utf-8"
    )
    result = subprocess.run(
        [sys.executable, "-c", MAIN.replace(str(DEMO), str(root)), "serve", "--port", str(free_port())],
        env={**os.environ, "GUIDE_DATA": str(tmp_path / "data")},
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode == 1 and "municipality.yaml:3:" in result.stderr and "Mente du «title»?" in result.stderr
    assert "Traceback" not in result.stderr

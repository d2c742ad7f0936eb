"""A worker takes up a new set: the seal and the counting stay, the old library's memory comes back, health tells."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import Client

from guide import config
from guide.live import accept, current
from guide.live.current import Found
from guide.web import create_app, live, shelf_of
from guide.web.live import Live, following
from tests.conftest import DEMO, HANGS


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    (tmp_path / "own" / "municipalities" / "anholt").mkdir(parents=True)
    save(tmp_path, "Anholt")
    return config.read({"GUIDE_DATA": str(tmp_path / "data"), "GUIDE_CONTENT": str(tmp_path / "own")})


@pytest.fixture
def worker(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    """One worker, in which nobody looks at the folders."""
    monkeypatch.setattr(accept, "QUIET", 0.0)
    monkeypatch.setattr(live.Watcher, "start", lambda self: None)
    yield Live(create_app(settings, DEMO))
    gc.unfreeze()


def save(folder: Path, name: str) -> None:
    path = folder / "own" / "municipalities" / "anholt" / "municipality.yaml"
    path.write_text(f"name: {name} Kommune\nexample: true\n", encoding="utf-8")


def accepted(worker: Live) -> None:
    """Let what was saved be served."""
    assert accept.accept(worker._place)


def page(worker: Live, path: str = "/anholt/") -> str:
    return Client(worker).get(path).get_data(as_text=True)


def test_the_next_request_sees_it_and_what_is_no_content_stays(worker: Live, tmp_path: Path) -> None:
    before = shelf_of(worker.app)
    visitor = Client(worker)
    visitor.post("/anholt/tre/start")
    save(tmp_path, "Nye Anholt")
    assert "Nye Anholt" not in page(worker), "nobody has accepted it"
    accepted(worker)
    after = visitor.get("/anholt/tre/1").get_data(as_text=True)
    assert "Nye Anholt" in after and "Vejledningen er ændret" in after
    now = shelf_of(worker.app)
    assert (now.seal, now.counting, now.scope) == (before.seal, before.counting, before.scope)
    assert worker.app.extensions["guide.tray"].digest == now.library.digest != before.library.digest
    assert "Vejledningen er ændret" not in visitor.get("/anholt/tre/1").get_data(as_text=True), "it is said once"


def test_the_memory_of_the_one_before_comes_back(worker: Live, tmp_path: Path) -> None:
    page(worker)
    gc.freeze()  # as in a worker that was forked
    old = [weakref.ref(worker.app), weakref.ref(shelf_of(worker.app).library.flows["tre"])]
    for name in ("Nye Anholt", "Nyeste Anholt"):
        save(tmp_path, name)
        accepted(worker)
        assert name in page(worker)
    assert [one() for one in old] == [None, None]


def test_one_reads_and_the_others_wait(worker: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, read = list[str](), live.library_of

    def slow(data: Path, version: str) -> object:
        reads.append(version)
        time.sleep(0.2)
        return read(data, version)

    monkeypatch.setattr(live, "library_of", slow)
    save(tmp_path, "Nye Anholt")
    accepted(worker)
    pages = list[str]()
    threads = [threading.Thread(target=lambda: pages.append(page(worker))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads) == 1 and all("Nye Anholt" in one for one in pages) and len(pages) == 4


def test_nobody_waits_for_ever(worker: Live, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, read = threading.Event(), live.library_of
    monkeypatch.setattr(live, "PATIENCE", 0.05)
    monkeypatch.setattr(live, "library_of", lambda *given: hangs.wait(HANGS) and read(*given))
    save(tmp_path, "Nye Anholt")
    accepted(worker)
    assert "Anholt" in page(worker) and "Nye Anholt" not in page(worker)
    hangs.set()
    end = time.monotonic() + HANGS
    while "Nye Anholt" not in page(worker):
        assert time.monotonic() < end


@pytest.mark.parametrize("fault", ["lost", "no such version", "an error of ours", "nonsense", "gone"])
def test_what_cannot_be_taken_up_leaves_what_was_there(
    worker: Live, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    save(tmp_path, "Nye Anholt")
    accepted(worker)
    now = current.read(data)
    assert now
    if fault == "lost":
        (data / "versions" / f"{now.version}.zip").write_bytes(b"PK")
    elif fault == "no such version":
        current.write(data, replace(now, version="../../etc"))
    elif fault == "an error of ours":
        monkeypatch.setattr(live, "quality", lambda library: 1 / 0)
    elif fault == "nonsense":
        (data / "current").write_bytes(b"\xff")
    else:
        (data / "current").unlink()
    for _ in range(3):
        assert "Anholt Kommune" in page(worker) and "Nye Anholt" not in page(worker)
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == (0 if fault in ("nonsense", "gone") else 1), "told once"


def test_health_tells_who_is_kept_back(worker: Live, tmp_path: Path) -> None:
    save(tmp_path, "[")
    accepted(worker)
    told = page(worker, "/health/ready")
    assert "Fejl hos «anholt»: 1. Kommunens sidste gode bliver vist." in told and "yaml" not in told
    now = current.read(tmp_path / "data")
    assert now
    current.write(tmp_path / "data", replace(now, failing={"": Found(2, ())}))
    assert "Fejl i det nyeste indhold: 2. Det sidste gode bliver vist." in page(worker, "/health/ready")
    save(tmp_path, "Anholt")
    accepted(worker)
    assert "Fejl" not in page(worker, "/health/ready")


def test_a_worker_that_begins_late_is_not_behind(worker: Live, settings: config.Settings, tmp_path: Path) -> None:
    """It was forked with old content, and meanwhile another was accepted; a third is only saved."""
    old = create_app(settings, DEMO)
    save(tmp_path, "Nye Anholt")
    accepted(worker)
    save(tmp_path, "Nyeste Anholt")
    late = Live(old)
    assert "Nye Anholt" in page(late)
    accepted(worker)
    assert "Nyeste Anholt" in page(late)


def test_a_worker_that_begins_waits_for_nobody(worker: Live, settings: config.Settings) -> None:
    with accept.locked(settings.data, "accept"):
        assert "Anholt Kommune" in page(Live(create_app(settings, DEMO)))


def test_a_kommune_with_errors_does_not_stop_the_start(settings: config.Settings, tmp_path: Path) -> None:
    save(tmp_path, "[")
    app = create_app(settings, DEMO)
    assert app.test_client().get("/anholt/").status_code == 404 and shelf_of(app).failing == {"anholt": 1}
    assert app.test_client().get("/proeve/").status_code == 200


def test_the_last_good_content_outlives_a_restart(worker: Live, settings: config.Settings, tmp_path: Path) -> None:
    save(tmp_path, "[")
    again = create_app(settings, DEMO)
    assert "Anholt Kommune" in again.test_client().get("/anholt/").get_data(as_text=True)
    root = tmp_path / "tom"
    root.mkdir()
    last = create_app(settings, root)  # the base has errors: all of it stays
    assert shelf_of(last).library.digest == shelf_of(worker.app).library.digest and shelf_of(last).failing[""] > 0


def test_where_nothing_can_be_written_nothing_is_followed(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, DEMO)

    def fails(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", fails)
    assert following(app) is app
    assert caplog.text.count("content is read when the guide starts") == 1

"""Under another server the guide itself tells nothing either. What the server prints of its own is for its settings.

Without `--log-level error` gunicorn prints the address and the first line of each malformed request; docs/sikkerhed.md
tells so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.leaks.serving import served
from tests.leaks.test_canary import NEVER, mischief, walks

APPLICATION = "tests.leaks.faulty:create"
WAITRESS = ["waitress", "--listen=127.0.0.1:{port}", "--call", APPLICATION]
GUNICORN = ["gunicorn", "-w", "1", "-k", "gthread", "-b", "127.0.0.1:{port}", f"{APPLICATION}()"]


@pytest.mark.parametrize("command", [WAITRESS, [*GUNICORN, "--log-level", "error"]], ids=["waitress", "gunicorn"])
def test_nothing_is_told_under_another_server(command: list[str], tmp_path: Path) -> None:
    with served(tmp_path, command) as server:
        walks(server.port)
        mischief(server.port)
        server.drained()
        assert server.hits(NEVER) == []
        assert (server.data / "guide.sqlite").exists()

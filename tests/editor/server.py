"""yaml-language-server as an editor drives it: installed from the lock file beside, over LSP on its standard input.

Not here: what it should say (`test_completion.py`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any

HERE = Path(__file__).parent
PLACE = HERE.parent.parent / "build" / "editor"
ANSWERS = 60.0
"""Seconds after which the server is taken to hang."""


def installed() -> Path:
    """The server's program; npm puts it into build/editor by hash, without running anything of it."""
    npm = shutil.which("npm")
    assert npm and shutil.which("node"), "node and npm are missing: the night needs them"
    PLACE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, PLACE / name)
    done = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=PLACE, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    return PLACE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


class Editor:
    """One editor with open files."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process, self.count = process, 0
        self.answers: dict[int, Queue[Any]] = {}
        self.told: dict[str, Queue[list[dict[str, Any]]]] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Save and open a file; gives what is underlined in it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        queue = self.told.setdefault(path.as_uri(), Queue())
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        found = queue.get(timeout=ANSWERS)
        with suppress(Empty):  # the server may first say that there is nothing, before it has read the schema
            found = queue.get(timeout=2)
        return found

    def complete(self, path: Path, text: str) -> list[str]:
        """What is offered where «|» stands in the text."""
        before, _, after = text.partition("|")
        self.open(path, before + after)
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        found = self.ask("textDocument/completion", {"textDocument": {"uri": path.as_uri()}, "position": place})
        return [item["label"] for item in (found or {}).get("items", [])]

    def hover(self, path: Path, line: int, character: int) -> str:
        """What is explained at a place in an open file."""
        place = {"line": line, "character": character}
        found = self.ask("textDocument/hover", {"textDocument": {"uri": path.as_uri()}, "position": place})
        return str(found["contents"]["value"]) if found else ""

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self.count += 1
        queue = self.answers[self.count] = Queue()
        self._send({"id": self.count, "method": method, "params": params})
        return queue.get(timeout=ANSWERS)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _listen(self) -> None:
        assert self.process.stdout
        while head := self.process.stdout.readline():
            size = int(head.split(b":")[1]) if head.lower().startswith(b"content-length") else 0
            while self.process.stdout.readline().strip():
                pass
            self._heard(json.loads(self.process.stdout.read(size)))

    def _heard(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self.answers[message["id"]].put(message.get("result"))
        elif message["method"] == "textDocument/publishDiagnostics":
            self.told.setdefault(message["params"]["uri"], Queue()).put(message["params"]["diagnostics"])
        elif "id" in message:  # it asks for settings and to be called back; an editor without any says null
            asked = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            self._send({"id": message["id"], "result": None if asked is None else [None] * len(asked)})


@contextmanager
def editor(program: Path) -> Iterator[Editor]:
    """An editor with the server running."""
    command = ["node", str(program), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        found = Editor(process)
        able = {"textDocument": {"completion": {"completionItem": {"snippetSupport": False}}}}
        found.ask("initialize", {"processId": None, "rootUri": None, "capabilities": able})
        found.tell("initialized", {})
        settings = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}
        found.tell("workspace/didChangeConfiguration", {"settings": settings})
        yield found
        process.kill()

"""Debian's nginx on docs/drift/nginx.conf, as a user without rights; what is asked of it is in test_nginx.py.

Only what belongs to the machine is replaced in the file: ports, the name, certificate, folders.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.browser.https_proxy import _certificate
from tests.running import free_port, until

SHIPPED = Path(__file__).parent.parent / "docs" / "drift" / "nginx.conf"


@dataclass
class Proxy:
    """A running nginx, its folder, and the guide behind it."""

    folder: Path
    port: int
    plain: int
    guide: int
    process: subprocess.Popen[bytes]

    @property
    def tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        context.check_hostname = False  # the certificate is for the address; the name asked for is `localhost`
        return context

    def ask(
        self, method: str, path: str, form: dict[str, str] | str | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """One request by https, on a connection of its own."""
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=self.tls)
        body = urllib.parse.urlencode(form) if isinstance(form, dict) else form
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, {name.replace("_", "-"): v for name, v in headers.items()})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def raw(self, data: bytes, wait: float = 30) -> bytes:
        """The answer to bytes as they are, by tls; nothing when none comes within `wait` seconds."""
        with (
            suppress(OSError),
            socket.create_connection(("localhost", self.port), timeout=wait) as plain,
            self.tls.wrap_socket(plain, server_hostname="localhost") as connection,
        ):
            connection.sendall(data)
            return connection.recv(65536)
        return b""

    def reload(self) -> None:
        """`nginx -s reload`, and wait until the old processes are gone."""
        before = self.workers
        self.process.send_signal(signal.SIGHUP)
        until("nginx did not reload", lambda: self.workers and not set(self.workers) & set(before))

    @property
    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def written(self) -> dict[Path, str]:
        """Every file below its folder; the configuration it was given is not there."""
        return {path: path.read_text("utf-8", "replace") for path in self.folder.rglob("*") if path.is_file()}


def put(text: str, old: str, new: str, times: int) -> str:
    """Replace what must be there exactly so many times: the file tried is the file shipped."""
    assert text.count(old) == times, old
    return text.replace(old, new)


def configuration(folder: Path, port: int, plain: int, behind: int) -> str:
    """The shipped file on this machine: other ports, name, certificate and folders, nothing else."""
    text = put(SHIPPED.read_text("utf-8"), "user www-data;\n", "", 1)
    text = put(text, "guide.eksempel.dk$request_uri", f"localhost:{port}$request_uri", 1)
    text = put(text, "server_name guide.eksempel.dk;", "server_name localhost;", 2)
    text = put(text, "127.0.0.1:8000", f"127.0.0.1:{behind}", 1)
    text = re.sub(r"listen 443 ", f"listen 127.0.0.1:{port} ", text)
    text = put(text, "listen 80 ", f"listen 127.0.0.1:{plain} ", 1)
    text = put(text, "/etc/ssl/guide/fullchain.pem", str(folder / "cert.pem"), 1)
    text = put(text, "/etc/ssl/guide/privkey.pem", str(folder / "key.pem"), 1)
    text = put(text, "/run/nginx.pid", str(folder / "nginx.pid"), 1)
    text = put(text, "/var/log/nginx/error.log", str(folder / "error.log"), 1)
    text = put(text, "root /etc/nginx/guide;", f"root {folder / 'page'};", 1)
    unused = "".join(f" {kind}_temp_path {folder / kind};" for kind in ("fastcgi", "uwsgi", "scgi"))  # made at start
    text = put(text, "/var/lib/nginx/body;", f"{folder / 'body'};{unused}", 1)
    return put(text, "/var/lib/nginx/proxy", str(folder / "proxy"), 1)


@contextmanager
def nginx(behind: int, *plant: tuple[str, str]) -> Iterator[Proxy]:
    """nginx with the shipped configuration in front of a port. `plant` puts a fault into the configuration."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "nginx is missing: tools/install_system.sh test installs it"
    folder, conf = Path(tempfile.mkdtemp(prefix="guide-nginx-")), Path(tempfile.mkdtemp(prefix="guide-conf-"))
    (folder / "page").mkdir()
    shutil.copy(SHIPPED.with_name("siden-kan-ikke-vises.html"), folder / "page")
    _certificate(folder)
    port, plain = free_port(), free_port()
    text = configuration(folder, port, plain, behind)
    for old, new in plant:
        text = put(text, old, new.format(folder=folder), 1)
    (conf / "nginx.conf").write_text(text, encoding="utf-8")
    root = os.geteuid() == 0
    if root:  # as a user without rights, whoever runs the tests
        for path in (folder, conf, *folder.rglob("*"), *conf.rglob("*")):
            shutil.chown(path, "nobody", "nogroup")
    command = [program, "-e", "stderr", "-p", str(folder), "-c", str(conf / "nginx.conf"), "-g", "daemon off;"]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, start_new_session=True,
            user="nobody" if root else None, group="nogroup" if root else None, extra_groups=[] if root else None,
        )  # fmt: skip
    proxy = Proxy(folder, port, plain, behind, process)
    try:
        until("nginx does not start", lambda: _listens(port) or process.poll() is not None)
        assert process.poll() is None, (folder / "output").read_text("utf-8")
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=40)
        shutil.rmtree(folder)
        shutil.rmtree(conf)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

"""Raw requests that are wrong in some way, made from a seed. Only bytes; who sends them is test_raw_requests.py.

Each is a `Raw`: pieces that are sent with a pause between them, and whether the connection is then torn down.
`CANARY` is in most of them, so that one can look for it in everything the server writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from tests.payloads import AWAY, ODD, TRAVERSALS

CANARY = "kanarie-4711"
HOST = "Host: localhost"
FORM = "Content-Type: application/x-www-form-urlencoded"
PATHS = (
    "/", "/proeve/", "/proeve/tre/", "/proeve/tre/1", "/proeve/tre/start", "/proeve/kontakt/", "/lov", "/tegn/?alder=x",
    "/vaelg?kommune=proeve", "/proeve/vejledning/straks", "/static/app.css", "/farvel", "/forlad", f"/{CANARY}/",
)  # fmt: skip


@dataclass(frozen=True)
class Raw:
    """What is sent: pieces with a pause between them; `torn` closes with a reset and reads nothing."""

    pieces: tuple[bytes, ...]
    torn: bool = False


def request(
    method: str = "GET",
    target: str = "/",
    version: str = "HTTP/1.1",
    *headers: str,
    body: bytes = b"",
    end: str = "\r\n",
) -> bytes:
    """A request as bytes; nothing in it is put right."""
    whole = end.join([f"{method} {target} {version}", *headers, "", ""])
    try:
        return whole.encode("latin-1") + body
    except UnicodeEncodeError:
        return whole.encode("utf-8") + body


def malformed(seed: int) -> Iterator[Raw]:
    """An endless row of wrong requests, the same for the same seed."""
    chance = Random(seed)
    while True:
        yield chance.choice(KINDS)(chance)


def _common() -> list[str]:
    return [HOST, f"User-Agent: {CANARY}", f"Referer: http://{CANARY}.example/", f"Cookie: walk={CANARY}"]


def _noise(chance: Random, most: int = 200) -> bytes:
    return chance.randbytes(chance.randint(1, most))


def _latin(chance: Random, most: int = 60) -> str:
    return _noise(chance, most).decode("latin-1")


def methods(chance: Random) -> Raw:
    method = chance.choice(
        ["get", "G E T", "", "\x00", "GET\t", "A" * 9_000, "PRI", "TRACE", "CONNECT", "()", "PÅ", _latin(chance)]
    )
    return Raw((request(method, chance.choice(PATHS), "HTTP/1.1", *_common()),))


def targets(chance: Random) -> Raw:
    away = chance.choice(AWAY)
    target = chance.choice([
        away, f"/{away}", f"/static/{chance.choice(TRAVERSALS)}", f"http://evil.example/{CANARY}", "http://", "*", "",
        "evil.example:443", "//", "/\x00", "/a b", f"/{_latin(chance)}", "/" + "x" * chance.choice([5_000, 70_000]),
        "/%", "/%zz", "/%00", "/%ff%fe", "/" + quote(chance.choice(ODD)[:200]), f"/proeve/tre/{_latin(chance, 9)}", "?",
        "http://[::1", "http://a:b@c:d/", f"/?{_latin(chance)}", "/vaelg?kommune=%ff&faggruppe=\xff", "#", " ",
        "/proeve/tre/1?besked=\r\n",
    ])  # fmt: skip
    return Raw((request(chance.choice(["GET", "POST", "HEAD", "OPTIONS"]), target, "HTTP/1.1", *_common()),))


def versions(chance: Random) -> Raw:
    version = chance.choice(
        ["", "HTTP/0.9", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "HTTP/1.1 x", "HTTP/", "HTTP/1.1.1", "ICY"]
    )
    return Raw((request("GET", chance.choice(PATHS), version, *_common()),))


BAD_LINES = (
    "no colon", ": no name", "Name : space", " folded: line", "\tfolded", "X: \x00", "X: a\rb", "X-Ø: æøå", "Host:",
    "Host: [", "X: " + "y" * 9_000, "X: " + "y" * 200_000, "X" * 9_000 + ": y", "Host: a\r\nHost: b", "Host: \x00",
    "Origin: \xff",
    f"Cookie: walk={'x' * 8_000}", "Cookie: " + "; ".join(["walk=x"] * 500), "Cookie: \xff\x00;=;;", "Expect: 200-ok",
    "Expect: 100-continue", "Upgrade: websocket\r\nConnection: Upgrade", "Upgrade: h2c\r\nHTTP2-Settings: x",
    "X-Forwarded-Host: [", "X-Forwarded-Proto: \x01", "Accept-Encoding: gzip;q=x", "If-Modified-Since: x",
    'If-None-Match: "', "Accept-Language: *;q=;", "Authorization: Basic \xff", "Content-Type: \xff",
    "Range: bytes=9-1,-,x", "Connection: close, close, x", "\r\n".join(f"X-{n}: y" for n in range(90)),
    "\r\n".join(f"X-{n}: y" for n in range(400)),
)  # fmt: skip
BAD_HEADERS: list[Callable[[Random], str]] = [lambda r: f"X: {_latin(r)}", lambda r: f"{_latin(r)}: x", _latin]


def headers(chance: Random) -> Raw:
    bad = chance.choice(BAD_HEADERS)(chance) if chance.random() < 0.3 else chance.choice(BAD_LINES)
    lines = _common()
    lines.insert(chance.randint(0, len(lines)), bad)
    return Raw((request(chance.choice(["GET", "POST"]), chance.choice(PATHS), "HTTP/1.1", *lines),))


def lengths(chance: Random) -> Raw:
    body = f"trin=akut-fare&svar={CANARY}".encode()
    values = [
        "-1",
        "x",
        "",
        "1e3",
        "0x10",
        "99999999999999999999",
        "5, 5",
        "5\r\nContent-Length: 6",
        "+5",
        " 5",
        "٣",
        "20000",
        "3",
    ]
    extra = chance.choice([[], ["Transfer-Encoding: chunked"], ["Transfer-Encoding: identity"]])
    lines = [*_common(), FORM, f"Content-Length: {chance.choice(values)}", *extra]
    return Raw((request("POST", chance.choice(PATHS), "HTTP/1.1", *lines, body=body * chance.choice([1, 1, 900])),))


BAD_CHUNKS = (
    b"5\r\nsvar=\r\n0\r\n\r\n", b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\nx", b"5\r\nab",
    b"0\r\nTrailer: x\r\n\r\n", b"5;ext=" + b"x" * 9_000 + b"\r\nabcde\r\n0\r\n\r\n", b"5\nabcde\n0\n\n",
    b"", b"\r\n", b"5\r\nabcdeXX0\r\n\r\n",
    b"4e20\r\n" + b"x" * 20_000 + b"\r\n0\r\n\r\n",
)  # fmt: skip


def chunks(chance: Random) -> Raw:
    coding = chance.choice(
        ["chunked"] * 6 + ["gzip", "chunked, chunked", "identity", "x", "chunked\x00", "\tchunked", ""]
    )
    body = chance.choice([*BAD_CHUNKS, _noise(chance)])
    lines = [*_common(), FORM, f"Transfer-Encoding: {coding}"]
    return Raw((request("POST", chance.choice(PATHS), "HTTP/1.1", *lines, body=body),))


def line_ends(chance: Random) -> Raw:
    whole = request(
        "GET",
        chance.choice(PATHS),
        "HTTP/1.1",
        *_common(),
        end=chance.choice(["\n", "\r", "\n\r", "\r\r\n", " \r\n", "\x0b"]),
    )
    return Raw((chance.choice([b"", b"\r\n" * 50, b"\x00", b" "]) + whole,))


def pipelines(chance: Random) -> Raw:
    good = request("GET", chance.choice(PATHS), "HTTP/1.1", *_common())
    post = request("POST", "/forlad", "HTTP/1.1", HOST, FORM, "Content-Length: 3", body=b"a=b")
    return Raw((b"".join(chance.choice([good, post, b"\r\n", _noise(chance)]) for _ in range(chance.randint(2, 12))),))


def cut(chance: Random) -> Raw:
    whole = request(
        "POST", chance.choice(PATHS), "HTTP/1.1", *_common(), FORM, "Content-Length: 30", body=b"svar=" + b"x" * 25
    )
    return Raw((whole[: chance.randrange(len(whole))],), torn=True)


def slow(chance: Random) -> Raw:
    whole = request(
        "POST", chance.choice(PATHS), "HTTP/1.1", *_common(), FORM, "Content-Length: 30", body=b"svar=" + b"x" * 25
    )
    at = chance.randrange(1, len(whole))
    return Raw((whole[:at], whole[at : chance.choice([at, at + 3, len(whole)])]), torn=chance.random() < 0.5)


def noise(chance: Random) -> Raw:
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(60)
    two = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + chance.choice(
        [b"", b"\x00\x00\x00\x04\x00\x00\x00\x00\x00", _noise(chance)]
    )
    return Raw(
        (chance.choice([hello, two, _noise(chance, 3_000), b"\x00" * 500, b"\n" * 2_000, b"<script>", b"\xff\xfe"]),)
    )


def flipped(chance: Random) -> Raw:
    lines = [*_common(), FORM, "Content-Length: 24", "Connection: close"]
    whole = bytearray(request("POST", chance.choice(PATHS), "HTTP/1.1", *lines, body=b"trin=akut-fare&svar=nej!"))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(whole))
        whole[at : at + chance.choice([0, 1, 1, 1, 3])] = chance.choice(
            [b"", b"\x00", b"\r\n", b" ", b":", _noise(chance, 3)]
        )
    return Raw((bytes(whole),))


def forms(chance: Random) -> Raw:
    values = [quote(chance.choice([*ODD, *AWAY]), errors="replace")[:400] for _ in range(3)]
    body = f"trin={values[0]}&svar={values[1]}&forloeb={values[2]}&x={CANARY}".encode()
    kind = chance.choice(
        [FORM, "Content-Type: application/json", "Content-Type: multipart/form-data; boundary=x", "X: y"]
    )
    lines = [*_common(), kind, f"Content-Length: {len(body)}"]
    return Raw((request("POST", chance.choice(PATHS), "HTTP/1.1", *lines, body=body),))


KINDS: list[Callable[[Random], Raw]] = [
    methods, targets, targets, versions, headers, headers, lengths, chunks, line_ends, pipelines, cut, slow, noise,
    flipped, flipped, forms,
]  # fmt: skip

"""Hostile strings, as lists: where a redirect might lead, ways out of a folder, markup that wants to run.

Only data. What is done with them is said in the tests that use them. No string here names a real site.
"""

from __future__ import annotations

_AWAY = ("evil.example", "evil.example/%2e%2e", "evil.example\\@localhost", "evil.example%23@localhost/")
_AWAY_PREFIXES = (
    "//", "///", "////", "\\\\", "/\\", "\\/", "/\\/", "/%09/", "/%5c", "/%2f", "%2f%2f", "http://", "https://",
    "HTTPS://", "https:", "https:\\\\", "//localhost@", "/\t/", "/\r\n/", "\x00//", " //", "javascript://", "ftp://",
    "/.//", "/;//",
)  # fmt: skip
AWAY = tuple(prefix + host for prefix in _AWAY_PREFIXES for host in _AWAY)
"""100 addresses that some browser or library takes for another site."""

_UP = (
    "../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "....//", "..;/", "%252e%252e%252f", "..%c0%af",
    "%c0%ae%c0%ae/", "..%00/", "./../", "dkfds/../../", "dkfds/css/..%2f..%2f..%2f", "..%ff/", "%uff0e%uff0e/",
    "..%e2%88%95", "/", "file:///",
)  # fmt: skip
_WANTED = ("walks.py", "templates/base.html", "../../pyproject.toml", "etc/passwd", "proc/self/environ")
TRAVERSALS = tuple((up * 8 if "/" in file and "." not in file else up) + file for up in _UP for file in _WANTED)
"""100 ways to ask for a file outside the folder."""

ODD = (
    "", " ", "0", "-1", "+1", "1.0", "1e3", "01", "٣", "१", "Ⅷ", "9" * 400, "true", "null", "undefined", "[]", "{}",
    "nej\x00", "\x00", "ja\r\nSet-Cookie: a=b", "../ja", "ja'--", "' or 1=1", "${7*7}", "{{7*7}}", "%s%n%x", "æøå",
    "\u202eja", "\ufeffja", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "JA", "ja ", "j\u0430",
    "x" * 3_000, "<script>ran=1</script>", '"><img src=x onerror=ran=1>', "__proto__", "constructor", "akut", "straks",
)  # fmt: skip
"""Values that are the answer to nothing."""

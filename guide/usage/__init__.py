"""This room writes down how much the guide is used: counters, never events, and never on the path of a page.

A page hands its facts to `counting.py`, which makes one `write` to this process's open segment (`spool.py`).
`drainer.py` adds closed segments to the counters. `counters.py` says what is counted, `facts.py` what a fact
is on disk. `frozen.py` says which periods are over for good, `exchange.py` what one installation hands to another.
It uses `db`, `library`, `flows` and `model`; it knows neither Flask nor settings.
"""

"""Which hidden cells are a sum and difference of published ones: elimination in whole numbers modulo a large prime.

As τ-ARGUS and its kin ask it of exact figures. No solver and no rounding error: modulo a prime a cell can only ever
look less dependent than it is by a chance of one in two thousand million. It knows nothing of walks being no fewer
than none, so what it finds is the least that any reader finds. Not here: intervals (`reader.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from guide.statistics.knowledge import Known
from guide.statistics.tables import ALL, Cell, Key
from tests.attacks.reader import members

PRIME = 2_147_483_647


def worked_out(cells: Iterable[Cell], known: Known) -> set[Key]:
    """The hidden cells that are a linear combination of the published ones."""
    listed = list(cells)
    sums, columns = members(known, [cell.key for cell in listed])
    rows = [_vector(sums[cell.key], columns) for cell in listed if cell.n is not None and sums[cell.key]]
    rows += _equal(listed, known, sums, columns)
    basis: list[tuple[int, np.ndarray]] = []
    for row in rows:
        left = _reduced(row, basis)
        places = np.flatnonzero(left)
        if len(places):
            pivot = int(places[0])
            basis.append((pivot, left * pow(int(left[pivot]), -1, PRIME) % PRIME))
    hidden = [cell.key for cell in listed if cell.status.value == "faerre-end-10" and sums[cell.key]]
    return {key for key in hidden if not _reduced(_vector(sums[key], columns), basis).any()}


def _vector(members: Iterable[int], columns: int) -> np.ndarray:
    vector = np.zeros(columns, dtype=np.int64)
    vector[list(members)] = 1
    return vector


def _reduced(row: np.ndarray, basis: list[tuple[int, np.ndarray]]) -> np.ndarray:
    """What is left of a row without what those before it tell."""
    left = row.copy()
    for pivot, other in basis:
        if left[pivot]:
            left = (left - left[pivot] * other) % PRIME
    return left


def _equal(cells: list[Cell], known: Known, sums: Mapping[Key, list[int]], columns: int) -> list[np.ndarray]:
    """What is the same number in two tables: walks in and out of hours, and the first question."""
    found = []
    for quarter in sorted({cell.key.period for cell in cells if cell.key.table == "hours"}):
        parts = [sums[Key("hours", quarter, "land", ALL, column)] for column in ("inside", "outside", ALL)]
        found.append(_vector([*parts[0], *parts[1]], columns) - _vector(parts[2], columns))
    for row, quarter in sorted({(c.key.row, c.key.period) for c in cells if c.key.table == "quality"}):
        flow, step = row.split(".")
        if step == known.first[flow] and not known.own:
            same = sums[Key("use", quarter, "land", flow, "forloeb")]
            found.append(
                _vector(sums[Key("quality", quarter, "land", row, "answered")], columns) - _vector(same, columns)
            )
    return [row % PRIME for row in found]

"""What a reader could work out, by trying every country: slow, simple, and sharing nothing with the audit.

For countries of a few cells only. Each true table that gives exactly the published figures is listed; a hidden cell
lies between the least and the greatest value it has in them. Nothing of `guide/statistics` but the words is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

Table = tuple[tuple[int, ...], ...]
"""Kommuner by level, true numbers."""


def shown(n: int, threshold: int, base: int) -> int | None:
    """What is published of a true number: rounded, or None where it is hidden."""
    return None if n < threshold else base * ((n + base // 2) // base)


def figures(table: Table, threshold: int = 10, base: int = 5) -> tuple[int | None, ...]:
    """The published cells of a table: its cells, the total of each row and column, and the whole."""
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    return tuple(shown(n, threshold, base) for n in (*(n for row in table for n in row), *rows, *columns, sum(rows)))


def bounds(table: Table, threshold: int = 10, base: int = 5) -> dict[tuple[int, int], tuple[int, int]]:
    """For each hidden cell (kommune, level) the least and greatest number that it can be."""
    published = figures(table, threshold, base)
    hidden = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) if n < threshold]
    seen: dict[tuple[int, int], tuple[int, int]] = {}
    for other in _tables(published, len(table), len(table[0]), threshold, base):
        for i, j in hidden:
            low, high = seen.get((i, j), (other[i][j], other[i][j]))
            seen[i, j] = min(low, other[i][j]), max(high, other[i][j])
    return seen


def _tables(published: Sequence[int | None], rows: int, columns: int, threshold: int, base: int) -> Iterator[Table]:
    """Every table with these figures, row by row; a row that its own total rules out is not built upon."""

    def of_row(i: int) -> list[tuple[int, ...]]:
        cells = [_numbers(published[i * columns + j], threshold, base) for j in range(columns)]
        total = published[rows * columns + i]
        return [row for row in product(*cells) if shown(sum(row), threshold, base) == total]

    totals = published[rows * columns + rows :]
    for table in product(*(of_row(i) for i in range(rows))):
        sums = [sum(column) for column in zip(*table, strict=True)]
        if all(shown(n, threshold, base) == total for n, total in zip((*sums, sum(sums)), totals, strict=True)):
            yield table


def _numbers(n: int | None, threshold: int, base: int) -> range:
    return range(threshold) if n is None else range(max(threshold, n - base // 2), n + base // 2 + 1)

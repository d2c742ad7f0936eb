"""Places the kommuner on the tile map: one square each, so that neighbours touch and Denmark can be recognised.

    tools/tile_map.py              how many of the neighbours on land touch in registers/tiles.csv
    tools/tile_map.py --place      makes tiles.csv anew (some minutes; the same seed gives the same map)
    tools/tile_map.py --svg FILE   draws it, to look at

Simulated annealing over the squares, from where the kommuner lie. Not here: how the map looks in the guide
(`guide/statistics/tile_map.py`).
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from pathlib import Path

from guide.library.geography import Geography
from guide.library.library import load
from guide.library.places import content_root

SEED, STEPS, COLUMNS, ROWS = 10, 800_000, 16, 15
TOUCH, CORNER, TURNED, HOME, APART, HOLE = 6.0, 0.8, 2.5, 0.15, 5.0, 4.0
"""What one neighbour a square away costs, one at the corner, one in the wrong direction, a square away from home
(squared), two lands that touch without a bridge or ferry, and an empty square with land on all sides."""

WIDE, HIGH = 27.0, 32.0
"""Kilometres across and down a square: Jylland then comes to nine rows."""

BELT, EAST = 10.95, 3.0
"""Kommuner east of this longitude are moved so many squares east, so that Fyn has water on both sides."""

JOINED = {"morsoe": "thisted", "fanoe": "esbjerg"}
"""Islands that may lie against the land beside them, or they would end up far out at sea."""

LONG, LAT = 62.5, 111.2
"""Kilometres in a degree, in Denmark."""

Square = tuple[int, int]


def main() -> None:
    """Place, measure or draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", action="store_true")
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    registers = content_root() / "registers"
    geography = load(content_root())[0].geography
    tiles = {area.id: area.tile for area in geography.areas.values() if area.tile}
    if asked.place:
        tiles = placed(geography, places(registers / "kommuner.csv"))
        with (registers / "tiles.csv").open("w", encoding="utf-8", newline="") as file:
            rows = sorted(((row, column, name) for name, (column, row) in tiles.items()))
            csv.writer(file, lineterminator="\n").writerows(
                [("id", "column", "row"), *((name, column, row) for row, column, name in rows)]
            )
    if asked.svg:
        asked.svg.write_text(drawn(geography, tiles), "utf-8")
    together, pairs = touching(geography, tiles)
    print(f"{together} of {pairs} pairs of neighbours on land touch ({together / pairs:.0%})")


def places(path: Path) -> dict[str, tuple[float, float]]:
    """Where each kommune lies, in kilometres east and south."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {r["id"]: (float(r["laengde"]) * LONG, -float(r["bredde"]) * LAT) for r in rows}


def touching(geography: Geography, tiles: dict[str, Square]) -> tuple[int, int]:
    """(pairs of neighbours on land whose squares touch, also at a corner; all such pairs)."""
    pairs = {tuple(sorted((a.id, b))) for a in geography.areas.values() for b in a.neighbours}
    return sum(far(tiles[a], tiles[b]) <= 1 for a, b in pairs), len(pairs)


def far(a: Square, b: Square) -> int:
    """How many squares apart, as a king walks."""
    return max(abs(a[0] - b[0]), abs(a[1] - b[1]))


def lands(geography: Geography) -> dict[str, int]:
    """Which kommuner hang together on land: a number for each."""
    found = dict[str, int]()
    for number, start in enumerate(geography.areas):
        waiting = [start]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = number
                waiting += geography.areas[name].neighbours
    return found | {island: found[land] for island, land in JOINED.items()}


def homes(at: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Where each square would best be: as on a map, but spread until there is room for all."""
    west, north = min(x for x, _ in at.values()), min(y for _, y in at.values())
    spot = {n: (1 + (x - west) / WIDE + EAST * (x > BELT * LONG), (y - north) / HIGH) for n, (x, y) in at.items()}
    for _ in range(400):  # those that lie too close push one another away
        for a, (ax, ay) in list(spot.items()):
            for b, (bx, by) in list(spot.items()):
                dx, dy = bx - ax, by - ay
                d = math.hypot(dx, dy) or 0.01
                if a < b and d < 1:
                    push = 0.12 * (1 - d) / d
                    spot[a] = (spot[a][0] - dx * push, spot[a][1] - dy * push)
                    spot[b] = (spot[b][0] + dx * push, spot[b][1] + dy * push)
    return spot


class Board:
    """The squares while they are moved."""

    def __init__(self, geography: Geography, at: dict[str, tuple[float, float]]) -> None:
        self.areas, self.land, self.home, self.at = geography.areas, lands(geography), homes(at), at
        self.on = dict[Square, str]()
        self.where = dict[str, Square]()
        for name in sorted(self.areas, key=lambda n: self.home[n]):
            hx, hy = self.home[name]
            free = ((c, r) for c in range(COLUMNS) for r in range(ROWS) if (c, r) not in self.on)
            self.put(name, min(free, key=lambda s: (s[0] - hx) ** 2 + (s[1] - hy) ** 2))

    def put(self, name: str, square: Square) -> None:
        """Move one to a square."""
        self.on[square], self.where[name] = name, square

    def cost(self, name: str) -> float:
        """What is wrong with where this one lies."""
        c, r = self.where[name]
        hx, hy = self.home[name]
        area = self.areas[name]
        found = HOME * ((c - hx) ** 2 + (r - hy) ** 2)
        beside = area.across if name in JOINED else ()
        for other in (*area.neighbours, *beside):
            found += self.pair(name, other)
        for other in area.across:
            found += TOUCH / 3 * max(0, far((c, r), self.where[other]) - 1)
        for x in (-1, 0, 1):
            for y in (-1, 0, 1):
                other_at = self.on.get((c + x, r + y))
                if other_at and self.land[other_at] != self.land[name] and other_at not in area.across:
                    found += APART
                if not other_at and not (x and y):
                    found += HOLE * (self.closed(c + x, r + y) >= 4)
        return found

    def closed(self, c: int, r: int) -> int:
        """How many sides of a square have land."""
        return sum((c + x, r + y) in self.on for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)))

    def pair(self, a: str, b: str) -> float:
        """What is wrong with where two neighbours lie to one another."""
        (ac, ar), (bc, br), (ax, ay), (bx, by) = self.where[a], self.where[b], self.at[a], self.at[b]
        d = far((ac, ar), (bc, br))
        dx, dy, ex, ey = bc - ac, br - ar, bx - ax, by - ay
        turned = 1 - (dx * ex + dy * ey) / (math.hypot(dx, dy) * (math.hypot(ex, ey) or 1))
        alone = 1 in (len(self.areas[a].neighbours), len(self.areas[b].neighbours))
        return TOUCH * (d - 1) * (4 if alone else 1) + CORNER * (d == 1 and bool(dx and dy)) + TURNED * turned


def placed(geography: Geography, at: dict[str, tuple[float, float]]) -> dict[str, Square]:
    """A square for each, by annealing with SEED; packed to the upper left corner."""
    chance, board = random.Random(SEED), Board(geography, at)
    names = sorted(board.areas)
    for step in range(STEPS):
        heat = 6.0 * (1 - step / STEPS) ** 2 + 0.02
        move(board, chance.choice(names), heat, chance)
    west, north = (min(s[i] for s in board.where.values()) for i in (0, 1))
    return {name: (c - west, r - north) for name, (c, r) in board.where.items()}


def move(board: Board, name: str, heat: float, chance: random.Random) -> None:
    """Try one square for this one, or to change places; keep it when that is better, or by chance when it is warm."""
    c, r = here = board.where[name]
    there = c + chance.randint(-2, 2), r + chance.randint(-2, 2)
    if there == here or not (0 <= there[0] < COLUMNS and 0 <= there[1] < ROWS):
        return
    other = board.on.get(there)
    before = board.cost(name) + (board.cost(other) if other else 0)
    swap(board, name, here, there, other)
    after = board.cost(name) + (board.cost(other) if other else 0)
    if after > before and chance.random() >= math.exp((before - after) / heat):
        swap(board, name, there, here, other)


def swap(board: Board, name: str, here: Square, there: Square, other: str | None) -> None:
    """Move `name` to `there`, and whoever lies there to `here`."""
    del board.on[here]
    board.put(name, there)
    if other:
        board.put(other, here)


def drawn(geography: Geography, tiles: dict[str, Square]) -> str:
    """The map as SVG, with names."""
    side, parts = 76, list[str]()
    colours = {land: f"hsl({land * 67 % 360} 45% 85%)" for land in sorted(set(lands(geography).values()))}
    for name, (column, row) in tiles.items():
        x, y, land = column * side, row * side, lands(geography)[name]
        parts.append(f'<rect x="{x}" y="{y}" width="74" height="74" fill="{colours[land]}" stroke="#333"/>')
        parts.append(f'<text x="{x + 4}" y="{y + 40}" font-size="12">{geography.areas[name].name[:11]}</text>')
    width = (max(c for c, _ in tiles.values()) + 1) * side
    height = (max(r for _, r in tiles.values()) + 1) * side
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{"".join(parts)}</svg>'


if __name__ == "__main__":
    main()

"""The brake: how many wrong codes from one network and from all, and what it keeps in mind."""

from __future__ import annotations

from guide.training.brake import ALL, EACH, MINUTE, Brake


class Minutes:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = 1_000 * MINUTE

    def __call__(self) -> float:
        return self.now


def test_one_network_is_held_and_others_are_not() -> None:
    brake = Brake(clock=Minutes())
    for n in range(EACH):
        assert not brake.holds("a"), n
        brake.count("a")
    assert brake.holds("a") and not brake.holds("b") and not brake.holds("")


def test_everybody_is_held_after_all() -> None:
    brake = Brake(clock=Minutes())
    for n in range(ALL):
        assert not brake.holds(f"network {n}")
        brake.count(f"network {n}")
    assert brake.holds("a new one") and brake.holds("")


def test_unknown_networks_are_held_together_only() -> None:
    """Behind a proxy that tells no address a whole kommune is one network: a few who misread must not hold all."""
    brake = Brake(clock=Minutes())
    for _ in range(ALL - 1):
        brake.count("")
    assert not brake.holds("")
    brake.count("")
    assert brake.holds("")


def test_after_a_minute_all_is_forgotten() -> None:
    clock = Minutes()
    brake = Brake(clock=clock)
    for _ in range(ALL):
        brake.count("a")
    assert brake.holds("a") and brake.holds("b")
    clock.now += MINUTE
    assert brake._counted
    brake.forget()
    assert not brake._counted and not brake.holds("a") and not brake.holds("b")


def test_no_address_is_kept() -> None:
    brake, other = Brake(clock=Minutes()), Brake(clock=Minutes())
    for one in (brake, other):
        one.count("192.0.2.77")
    kept = repr(vars(brake))
    assert "192.0.2.77" not in kept and b"192.0.2.77".hex() not in kept
    assert brake._counted.keys() != other._counted.keys(), "keyed by chance: two processes cannot be put together"


def test_a_planted_brake_that_never_counts_is_seen() -> None:
    class Broken(Brake):
        def count(self, network: str) -> None:
            """Nothing is counted."""

    brake = Broken(clock=Minutes())
    for _ in range(ALL):
        brake.count("a")
    assert not brake.holds("a")

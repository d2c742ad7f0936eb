"""Attacks on what is published: made-up countries, naive releases, and a reader who has every release."""

import os


def night() -> bool:
    """Whether the full numbers are asked for (`make night`)."""
    return os.environ.get("GUIDE_NIGHT") == "1"

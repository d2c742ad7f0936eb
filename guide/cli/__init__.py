"""`guide …`: one file a group of commands. What they read is in `content.py`.

A file of commands is imported here, and so found. Most commands need neither the data folder nor the database; each
file says which do.
"""

from guide.cli import (
    checking,
    comparing,
    content,
    demo,
    editing,
    exchanging,
    importing,
    keeping,
    owning,
    publication,
    publishing,
    reading,
    serving,
)
from guide.cli.group import main

__all__ = [
    "checking",
    "comparing",
    "content",
    "demo",
    "editing",
    "exchanging",
    "importing",
    "keeping",
    "main",
    "owning",
    "publication",
    "publishing",
    "reading",
    "serving",
]

"""Bekymringsguiden: from a worry about a child to what a professional does now.

Start reading in `guide/model` (the words), then `guide/flows` (what a walk does).
"""

__version__ = "0.1.0"

"""Pure behaviour: no files, no Flask, no database. May use `guide.model` only.

Start reading in `walk.py`.
"""

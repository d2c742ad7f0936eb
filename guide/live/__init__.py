"""Content that is changed under a running guide: what is accepted, where it lies, and who looks.

A set is accepted when it was read from the folders, checked and kept in `GUIDE_DATA/versions` (`accept.py`); then
`GUIDE_DATA/current` names it (`current.py`). Errors in one kommune's files keep back that kommune's alone
(`compose.py`). One process looks at the folders and lets a child check what is new (`watch.py`, `check.py`). Nothing
here knows Flask: how a worker takes up a new set is in `guide/web/live.py`.
"""

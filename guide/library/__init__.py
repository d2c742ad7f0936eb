"""Reading what authors wrote: strict YAML, the library in memory, and the checks on it.

May use `guide.model` and `guide.flows`; never Flask or SQLAlchemy. Start reading in `library.py`.
"""

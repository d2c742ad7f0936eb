"""The same objects for print: poster and handleplan of a flow, publication of key figures. Jinja, WeasyPrint, no Flask.

WeasyPrint is imported when something is printed, so that all else works where Pango is missing.
"""

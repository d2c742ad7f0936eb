"""The same objects rendered for print: the poster of a flow, its handleplan. Jinja and WeasyPrint, no Flask.

WeasyPrint is imported when something is printed, so that all else works where Pango is missing.
"""

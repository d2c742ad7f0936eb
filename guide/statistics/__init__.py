"""What is read from the counters: frozen releases under disclosure control, their audit, key figures and charts.

A page reads released figures only (`published.py`); nobody but the release reads the counters. Not here: what is
counted (`guide/usage`), the law and the flows (`guide/library`), and how a page or a paper looks (`guide/web`,
`guide/paper`).
"""

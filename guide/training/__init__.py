"""A temadag: a trainer, a projector and phones that read one case, each in the flow of its own faggruppe.

What is asked and answered (`votes.py`), what of it may be shown (`tally.py`, `parting.py`), and how a session goes and
where it is kept for at most twelve hours. Practice is never counted: nothing here knows `guide/usage`. Not here: how a
page looks (`guide/web`), the flows themselves (`guide/flows`), and the cases (`content/da`).
"""

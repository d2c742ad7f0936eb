"""The same names as in guide/live, and what the harness of tests/test_live.py is made of."""

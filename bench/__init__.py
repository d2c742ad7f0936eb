"""The goals of speed, measured: `python -m bench`. Nothing here is imported by the guide or by the tests."""

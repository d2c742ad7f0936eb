"""Faults planted in the real flows, one at a time, and who notices them."""

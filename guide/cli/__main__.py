"""`python -m guide.cli`."""

from guide.cli import main

main()

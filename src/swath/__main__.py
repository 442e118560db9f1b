"""`python -m swath` is the command line."""

from swath.cli.main import main

main()

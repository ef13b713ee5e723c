"""`python -m femsim` is the femsim command."""

from femsim.cli import main

if __name__ == "__main__":
    main()

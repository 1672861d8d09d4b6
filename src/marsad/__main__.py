"""``python -m marsad``: the command line without its script."""

from marsad.cli import main

if __name__ == "__main__":
    main()

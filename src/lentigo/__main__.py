"""``python -m lentigo``: the same as ``lentigo``; what ``accelerate launch -m lentigo`` runs."""

from lentigo.cli import main

if __name__ == "__main__":
    main()

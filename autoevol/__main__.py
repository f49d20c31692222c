"""`python -m autoevol`."""

from __future__ import annotations


def main() -> None:
    from autoevol.cli.app import run

    run()


if __name__ == "__main__":
    main()

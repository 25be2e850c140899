"""`python -m poster_sandbox`."""

from poster_sandbox.command_line import main

if __name__ == "__main__":
    main()

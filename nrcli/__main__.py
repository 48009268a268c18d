"""`python -m nrcli`: the same as the program `nrcli`."""

from nrcli.commands.main import main

if __name__ == "__main__":
    main()

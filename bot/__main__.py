"""`guildhall` and `python -m bot`: the command line."""


def main() -> None:
    from bot.cli.program import program  # after the interpreter is ready to answer Ctrl-C with silence

    program(prog_name="guildhall")


if __name__ == "__main__":
    main()

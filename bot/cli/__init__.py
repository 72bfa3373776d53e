"""The command line and the composition: the only part of the program that sees adapters and storage."""

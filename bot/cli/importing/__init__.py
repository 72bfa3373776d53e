"""Brings in questions from files: reads rows, finds what is what, opens or stores them, tells what was refused."""

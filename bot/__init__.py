"""Guildhall's core: what may happen to a question, decided purely and carried out by a thin shell."""

"""The whole program as a process, with people at all of its doors at once; nothing is lost, doubled or let slip."""

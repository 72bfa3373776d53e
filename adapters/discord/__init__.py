"""Discord: experts and staff live in it, customers can ask in it. The library is discord.py, over one gateway."""

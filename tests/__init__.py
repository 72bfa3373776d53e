"""The tests of Guildhall; a package so that stories can say `from tests.world import World`."""

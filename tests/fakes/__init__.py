"""Stand-ins for the world outside, with a state of their own."""

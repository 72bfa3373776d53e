"""Real processes that are killed while people work with them; the verdict comes from the other end's log."""

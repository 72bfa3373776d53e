"""Each platform's adapter, against the platform or a stateful stand-in for it."""

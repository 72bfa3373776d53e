"""A stand-in chat platform with simulated people, for the demo, for first tries and for faults on purpose."""

"""Benchmarks: each prints its floor beside what it measures, from one run."""

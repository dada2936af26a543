"""Benchmarks in depth, what leaders do otherwise, context indicators; page and API."""

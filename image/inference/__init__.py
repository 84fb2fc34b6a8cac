"""Swaps faces over HTTP: one engine, one pipeline, one server."""

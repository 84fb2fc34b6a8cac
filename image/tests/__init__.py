"""Tests through the server's public surface: a real process, real models, real photographs."""

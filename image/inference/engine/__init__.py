"""Engines: what finds, describes and replaces faces."""

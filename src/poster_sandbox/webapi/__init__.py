"""Poster's web API: `/{account}/api/{method}?token=…`."""

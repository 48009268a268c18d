"""Ready scenarios."""

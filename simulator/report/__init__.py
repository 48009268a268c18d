"""Results drawn and told: one HTML file that stands alone, pictures and tables as files."""

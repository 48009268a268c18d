"""What is simulated, written as YAML: typed, checked, and lowered to what engines take."""

"""The messages between sites and nodes, and their bytes."""

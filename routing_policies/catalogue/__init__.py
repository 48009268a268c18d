"""Ready-made routing policies, as YAML documents."""

"""What a run was worth: figures with their definitions, their uncertainty, and how far to go on."""

"""Files of records: written by a node, read by everybody."""

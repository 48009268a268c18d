"""What the node's shells stand on: clock, ports, driver, retry."""

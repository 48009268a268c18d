"""Programs of a node's host beside the node itself."""

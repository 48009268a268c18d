"""The node's network edges: site link, peer link, HTTP."""

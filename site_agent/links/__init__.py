"""The site agent's own edges: local HTTP for the centre's CTI."""

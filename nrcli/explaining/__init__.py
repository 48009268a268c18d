"""Why a call went where it went, in whole sentences: decisions, moves and legs joined."""

"""One file per invariant; each reads a history and names what broke it."""

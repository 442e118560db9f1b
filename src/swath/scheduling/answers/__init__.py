"""One request at a time, answered at once: a place, whoever has to move for it, or a refusal that proves itself."""

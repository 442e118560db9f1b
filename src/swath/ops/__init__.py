"""Mission control's door: the commanded schedule out, results and scenes in."""

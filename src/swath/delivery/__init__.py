"""From a scene that mission control handed over to nine images and an item in the catalogue."""

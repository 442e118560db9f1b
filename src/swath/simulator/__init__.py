"""A mission control and a camera that are not real and speak only to the ops door: the twin of real ones."""

"""The operator's door: accounts, credits and credentials over HTTP, for tokens with the scope `admin`."""

"""Other people's suites, and what they need to run against swath."""

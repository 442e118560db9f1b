"""Ten thousand filters that no one should send, and some that anyone might: `python -m conformance.hostile`."""

"""The delivery door: a STAC API over the items of the store, and the files behind them."""

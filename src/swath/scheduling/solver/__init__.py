"""A whole schedule at once: an instance as columns, its limits as linear rows, and solvers with a bound or a proof."""

"""Where everything is kept: tables, the unit of work over them, and filters compiled to SQL."""

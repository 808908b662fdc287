"""Questions in three-valued logic: one small tree, three back ends, put into words and listed."""

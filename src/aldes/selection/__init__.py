"""Selection: who is a candidate and why, from a protocol's rows; risk groups; whole tables of patients."""

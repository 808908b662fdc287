"""The course of one patient: events, the state they fold into, and the journal that keeps them."""

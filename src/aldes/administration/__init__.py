"""Administration: the order of a dose, its preparation, the slots, and the decision before each dose."""

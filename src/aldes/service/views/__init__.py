"""What pages show, as finished values: composed from the ward's documents, without a rule of their own."""

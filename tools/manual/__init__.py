"""The manual: every rule, word and number of the program as static pages, built from the data that it runs on."""

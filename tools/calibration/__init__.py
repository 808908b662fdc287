"""The mechanism held against its targets: `make calibration`."""

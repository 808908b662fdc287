"""The service under attack: whatever is sent to it, it answers, and never more permissively than it should."""

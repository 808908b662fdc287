"""The ward over HTTP: pages for people, JSON for programs. It translates; no clinical rule lives here."""

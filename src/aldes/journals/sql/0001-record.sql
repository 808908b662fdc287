-- The record: what happened, in order, with its chain; what was asked for; the texts that events name by their digest.

CREATE TABLE about (       -- the record itself: kind, record (its id), schema, engine (the newest program that wrote it)
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE epochs (      -- made new at creation and at every restore
  number   BIGINT NOT NULL PRIMARY KEY,
  epoch    TEXT   NOT NULL,
  position BIGINT NOT NULL,   -- where the record stood
  why      TEXT   NOT NULL
);

CREATE TABLE events (
  position BIGINT NOT NULL PRIMARY KEY,   -- over all streams, from 1
  course   TEXT   NOT NULL,
  version  BIGINT NOT NULL,               -- in its stream, from 1
  event    TEXT   NOT NULL,               -- canonical JSON
  command  TEXT   NOT NULL,
  previous TEXT   NOT NULL,
  hash     TEXT   NOT NULL,
  head     TEXT   NOT NULL,
  UNIQUE (course, version)
);

CREATE TABLE commands (    -- what clients asked for: asked twice it is done once
  id       TEXT   NOT NULL PRIMARY KEY,
  digest   TEXT   NOT NULL,
  course   TEXT   NOT NULL,
  version  BIGINT NOT NULL,
  position BIGINT NOT NULL
);

CREATE TABLE documents (   -- by content
  digest TEXT NOT NULL PRIMARY KEY,
  text   TEXT NOT NULL
);

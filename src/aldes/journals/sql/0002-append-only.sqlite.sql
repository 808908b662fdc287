-- Nothing is edited: a slip of whoever has the file open is refused here; what is done on purpose, the chain shows.

CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are only appended'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are only appended'); END;
CREATE TRIGGER commands_stay BEFORE UPDATE ON commands BEGIN SELECT RAISE(ABORT, 'commands are only appended'); END;
CREATE TRIGGER commands_are_never_deleted BEFORE DELETE ON commands BEGIN SELECT RAISE(ABORT, 'commands are only appended'); END;
CREATE TRIGGER documents_stay BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'documents are only added'); END;
CREATE TRIGGER documents_are_never_deleted BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'documents are only added'); END;

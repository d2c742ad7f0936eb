"""The revisions, oldest first by number. `guide.db.HEAD` names the newest."""

"""The names of the files in a site's folders (Settings.state_folder, Settings.runtime_folder)."""

DATABASE = "agent.sqlite"  # in the state folder
JOURNAL = "journal"
HISTORY = "history.sqlite"
EVIDENCE = "evidence"
FILMS = "films"
MARKED_TO = "films-marked-to"  # number of the event up to which marks of films are set
SHOWN = "shown"  # masked copies of films, made for people to look at or to take away
BUNDLES = "bundles"  # made for people to hand over
PATROLS = "patrols"
SPARKPLUG = "sparkplug-bdseq"
UPLOADS = "uploads.json"
BACKUP_UPLOADS = "backup-uploads.json"
BACKUP_ARRIVED = "backup-arrived.json"  # the newest backup that the store of [upload] has
BACKUP_MADE = "backup-made.json"  # the newest that [backup] asked for and that was written whole
BACKUP_FAILED = "backup-failed.json"  # why the one after it was not
BACKUP_SINCE = "backup-since.json"  # since when the box has been set up to be backed up
REQUESTS = "requests.sock"  # in the runtime folder
TRIES = "tries"  # in it: what somebody had looked at, for the pages
RETIRED = "retired.json"  # this box gave its identity to a spare
MESSAGES = "messages.sqlite"  # short messages: what was sent to whom
UPDATES = "updates"  # versions that the centre orders
ORDER = "order.json"  # in it: the newest order that waits
OFFERED = "offered"  # models that the centre offers

# The journal, English

usage-expect-station = district and station like 57/12
usage-expect-since = a time like 11:30, 2024-02-07, 2024-02-07 11:30 or 2024-02-07T11:30:00+04:00
usage-expect-last = a span like 30s, 10m, 3h or 2d
usage-expect-kind = one of { $kinds }, or the beginning of several, like alarm

journal-none = There is no journal { $path } yet. The wall begins one when it is started on this data folder.
journal-newer = The journal { $path } was written by a newer version of Pollwall. Use that version.
journal-damaged = { $path } is damaged or is no journal. The wall sets such a file aside and begins a new one; keep the damaged one.
journal-unusable = The journal { $path } cannot be used: { $reason }.
journal-no-thread = The journal cannot be begun: { $reason }.

journal-no-rows = Nothing of the kind is in the journal.
journal-sound = { $rows } rows, each fits the one before.
journal-span = First { $first }, last { $last }.
journal-head = Hash of the last row: { $hash }
journal-misfit = Row { $row } of { $at } does not fit: { $why }.
journal-wrong-number = row { $expected } should stand here; a row was taken out or put in
journal-wrong-link = it does not follow on the row before it; one of the two was exchanged
journal-wrong-content = its content is not what was written; it was changed afterwards

journal-column-row = row
journal-column-utc = UTC
journal-column-local = local time
journal-column-station = station
journal-column-feed = stream
journal-column-kind = kind
journal-column-what = what happened
journal-column-run = run
journal-column-mono = microseconds of the run
journal-column-body = details

journal-started = Pollwall { $version } { $command } started on { $host }, process { $pid }
journal-stopped = Pollwall closed in an orderly way
journal-note = note: { $note } ({ $stage }{ $state })
journal-snapshot = snapshot { $file } ({ $state })
journal-import = list version { $version } accepted at { $at } from { $source }
journal-restored = list version { $version } accepted at { $at }: version { $of } again
journal-import-counts = { $stations } stations, { $added } new, { $removed } gone, { $changed } changed
journal-import-unseen = ; { $count } versions before it were dropped while no wall ran
journal-configuration = { $what } is now { $now }
journal-alarm-raised = alarm { $alarm }: { $what }
journal-alarm-worsened = alarm { $alarm } is worse: { $what }
journal-alarm-ended = alarm { $alarm }: the trouble is over after { $span }
journal-alarm-acknowledged = alarm { $alarm } acknowledged by { $who }{ $note }
journal-alarm-escalated = alarm { $alarm } unanswered for { $span }
journal-alarms-grouped = alarm { $alarm }: { $count } of { $of } lost together, { $which }: { $stations }
journal-alarms-ungrouped = alarm { $alarm }: no group any more; alone now { $stations }
journal-alarms-returned = alarm { $alarm }: no group any more
journal-alarm-closed = alarm { $alarm } is off the list
journal-own-late = too little computing time
journal-own-network = its network
journal-own-disk = its disk
journal-guard-began = this machine has a problem: { $why }; alarms of cameras are held back for now
journal-guard-ended = this machine is well again after { $span }: { $why }
journal-maintenance-began = maintenance, said { $who }{ $reason }
journal-maintenance-until = maintenance until { $until }, said { $who }{ $reason }
journal-maintenance-ended = maintenance is over
journal-maintenance-ended-by = maintenance is over, said { $who }
journal-lost = { $count } entries found no room and are MISSING, from { $first } to { $last }
journal-notes-taken-over = { $count } notes of an earlier version taken over ({ $unreadable } unreadable lines); the file is now { $file }
journal-writing-failed = the journal could not be written ({ $reason }); entries waited in memory
journal-writing-resumed = the journal is written again after { $span }
journal-began-anew = the journal before was damaged; it is now { $damaged }
journal-chain-broken = row { $row } did not fit the rows before when this run began
journal-file-gone = the journal before disappeared while it was being written, and its rows with it

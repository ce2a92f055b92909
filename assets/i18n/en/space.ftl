# Room for recordings: limits, retention, locks and quarantine, English

record-not-tables = give each volume a table of its own, in double square brackets: [[volume]]
record-no-folder = say which volume is meant: folder = "/srv/video-a"
record-not-size = “{ $found }” is no size; write a number and its unit (MB, GB, TB, MiB, GiB, TiB), like "500 GB"
record-too-small = “{ $found }” is less than a volume needs; write at least "100 MB"
record-not-within = write a whole number from { $least } to { $most }, without quotation marks

space-enough = There is room enough for recordings.
space-low = There is room for recordings for { $hours } h more at the present rate. Add a volume or make room.
space-short = THERE IS ROOM FOR RECORDINGS FOR { $hours } H ONLY. Add a volume or make room now.
space-full = NOTHING IS RECORDED: every volume is full. Make room now.

journal-footage-deleted = recordings of the rehearsal on { $day } deleted by the rule of { $days } days, deletion { $number }: { $segments } segments, { $bytes } bytes, of { $stations }
journal-footage-locked = recordings locked, lock { $number }: { $station } from { $from } to { $to }, { $who }{ $reason }
journal-footage-unlocked = lock { $lock } of recordings taken away, { $who }{ $reason }
journal-footage-quarantined = a recording that cannot be read was set aside: { $file }: { $why }
footage-every-station = every station

lock-io = The locks of recordings { $path } cannot be used: { $reason }. Nothing is deleted meanwhile.
lock-damaged = { $path }, line { $line }: this is no lock of recordings. Nothing is deleted until the line is put right; a copy of the journal says what was locked.
lock-none = There is no lock { $number }, or it was taken away already. “pollwall footage locks” lists them.
lock-shortened = { $path } has fewer locks than the journal, which knows of number { $number }. Nothing is deleted until the file is whole again.
space-not-kept = The journal cannot be written ({ $reason }); nothing is deleted meanwhile.
space-clock = The clock of this machine is not synchronised; nothing is deleted meanwhile.

lock-made = Lock { $number } holds: no rule deletes these recordings.
lock-gone = Lock { $number } is taken away.
lock-order = The end has to be later than the beginning: from { $from } to { $to }. Write day and time, as in "2024-02-07 11:30".
lock-line = { $number }  { $station }  { $from } – { $to }: { $segments } segments, { $bytes } bytes; { $who }, { $at }: { $reason }
lock-election-day = election day { $name }
lock-no-locks = Nothing is locked.

footage-deleted = Deletion { $number }, { $at }: { $segments } segments of the rehearsal on { $day } deleted by rule, { $bytes } bytes.
footage-not-borne-out = THE JOURNAL DOES NOT BEAR THIS OUT: it has no such deletion, or one of other segments.
footage-no-journal = There is no journal here to compare it with.
footage-quarantined = set aside, for it cannot be read: { $reason }
usage-lacks = “footage { $command }” needs { $option }.

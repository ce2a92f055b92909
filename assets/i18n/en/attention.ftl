# The attention list, answers to alarms, work at a station, the fleet guard and the day's page (English)

attention-title = attention · { $count }
attention-none = nothing needs attention
attention-no-alarm = no alarm yet; stations in trouble: { $count }
attention-none-such = none of this kind
attention-only = only: { $state }
attention-all = all: Esc
attention-above = ↑ { $count } above
attention-below = ↓ { $count } below
attention-how = Tab: into the list · arrows choose · Enter shows the station · A acknowledges

together-district = District { $number }
together-host = Host { $name }
together-network = Network { $name }
together-lost = { $count } of { $of } lost together

line-over = over: { $what }
detail-since = { $state } since { $since }
detail-over = { $state } from { $since } to { $until }
detail-answered = { $who } has it since { $time }

answer-title = Acknowledge { $what }
answer-note = note
answer-note-hint = what you know or do; may stay empty
answer-how = Enter: acknowledge as { $who } · Esc: leave

maintain-title = Work at { $number }
maintain-until-ended = until ended
maintain-reason = reason
maintain-reason-hint = what is being done; may stay empty
maintain-how = ↑ ↓: how long · Enter: begin · Esc: leave · no alarm is raised meanwhile, everything is recorded
maintenance-until = until { $time }
maintenance-until-ended = until ended

tile-same-since = the same picture since { $time }
tile-over = over · { $lasted } · { $what }
tour-interrupted = new alarm { $number } · tour goes on in { $left }

guard-late = This machine has a problem: it is too slow
guard-late-advice = Its own work comes late. No camera is blamed and no new alarms are raised. Close other programs, or show fewer tiles
guard-network = This machine has a problem: its network
guard-network-advice = Most stations changed at once. No camera is blamed and no new alarms are raised. Look at this machine's cable, switch and router
guard-disk = This machine has a problem: its disk
guard-disk-advice = What must be recorded cannot be written and waits in memory. Make room on the disk, or make it writable
guard-since = since { $time } · { $counter }

notice-nothing-to-acknowledge = No alarm of { $number } waits for an answer
notice-none-ended = No alarm is over and unanswered
notice-ended-acknowledged = Acknowledged, being over: { $count }
notice-choose-one = The line is about several stations: open it with Enter and choose one
notice-maintenance-ended = The work at { $number } is over
notice-interruptions-on = New alarms interrupt the tour
notice-interruptions-off = New alarms no longer interrupt the tour

key-attention = attention
key-acknowledge = acknowledge
key-filter = only one state
key-maintain = work
key-how-long = how long
key-day = the day
key-next-station = next station

help-attention = into the attention list and back; there: ↑ ↓ line, ← → one state
help-attention-shown = show or hide the attention list
help-maintenance = work at the station: begin, or end
help-day = the day of the chosen station
help-interruptions = new alarms interrupt the tour, or not

day-title = The day of { $number }
day-loading = the day is being read …
day-states = states
day-reconnects = connected again: { $count }
day-frames = pictures/s
day-bits = bit rate
day-megabits = { $value } Mbit/s
day-pictures = pictures
day-errors = What went wrong
day-no-errors = nothing yet
day-alarms = Alarms
day-no-alarms = none yet
day-unanswered = nobody has it
day-more = { $count } earlier
day-span = { $state } { $from }–{ $to }
day-since = { $state } since { $from }
day-together = together with { $count } others

hear-attention = { $title }, not acknowledged: { $unanswered }
hear-hidden = show the attention list, not acknowledged: { $unanswered }
hear-filter = { $filter }, show everything again
hear-count = show only { $state }: { $count }
hear-line = { $name }, { $state }, not acknowledged
hear-line-late = { $name }, { $state }, not acknowledged for too long
hear-line-answered = { $name }, { $state }, { $who } has it
hear-line-plain = { $name }, { $state }
hear-station-unanswered = Station { $number }, { $state }, not acknowledged
hear-district-unanswered = { $district }, not acknowledged

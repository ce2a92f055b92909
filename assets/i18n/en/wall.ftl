# The wall (English)

decimal = { $whole }.{ $part }
span-minutes = { $minutes } min
span-hours = { $hours } h
span-hours-minutes = { $hours } h { $minutes } min
span-seconds = { $seconds } s

state-live = live
state-connecting = connecting
state-not-checked = not checked
state-maintenance = maintenance
state-degraded = degraded
state-covered = covered?
state-frozen = frozen?
state-black = black
state-stalled = stalled
state-offline = offline
state-auth-failed = authentication failed
state-unsupported = cannot be shown

trouble-name-not-found = the camera's host name is unknown
trouble-refused = the camera's host refuses the connection
trouble-unreachable = no way to the camera's network
trouble-connect-timed-out = the camera does not answer
trouble-no-first-frame = connected, but no picture comes
trouble-frames-stopped = pictures have stopped coming
trouble-closed = the camera closed the connection
trouble-srt-rejected = no SRT sender answers, or the passphrase is wrong
trouble-not-found = the host has no stream of this name
trouble-auth-rejected = user name or password rejected · R: try again
trouble-auth-given-up = user name or password rejected again and again: no more attempts, so that the camera does not lock · R: try again
trouble-forbidden = the camera forbids access (error 403): no permission, or locked for a while · R: try again
trouble-own-limit = this machine cannot open more connections; raise the limit of open files (prlimit --nofile, LimitNOFILE)
trouble-host-busy = other streams of the same host are still being opened
trouble-status = the camera answers with error { $code }
trouble-unsupported-codec = no video that can be shown (offered: { $name })
trouble-too-large = picture of { $size } is larger than { $most }
trouble-undecodable = the camera's pictures cannot be decoded
trouble-no-keyframe = pictures come, but none that decoding can begin with
trouble-protocol = the camera breaks the protocol
trouble-foreign-host = the stream leads to a server that is not on the list: put the address of that server on the list
trouble-internal = this program failed at this stream; see the log

stage-before-opening = before opening
stage-voting = voting
stage-counting = counting
stage-protocol = protocol
stage-closed = closed
stage-another-day = the election day in day.toml is { $date }
stage-progress = { $elapsed } of { $total }

machine-behind = this machine is behind
machine-trouble = this machine has a problem
tile-waiting = waiting for a whole picture
tile-last-picture = last picture { $time }
tile-rate-age = { $rate } fps · { $age }

place-district = District { $number }
place-district-named = District { $number } · { $name }
place-page = page { $page } of { $pages }
place-districts = Districts { $first }–{ $last }
entry-go-to = go to { $number }
notice-no-district = There is no district { $number } on the list
notice-no-station = There is no station { $number } on the list
notice-reconnecting = Trying { $number } again
notice-dwell = The tour stays { $seconds } s on each page
list-empty = No stations yet: pollwall import LIST.csv

key-keys = keys
key-full-screen = full screen
key-back = back
key-enlarge = enlarge
key-next-page = next page
key-previous-page = previous page
key-more-tiles = more tiles on a page
key-fewer-tiles = fewer tiles on a page
key-group = several districts on a page
key-search = search
key-choose = choose
key-show = show
key-tour = tour
key-tour-pause = pause the tour
key-tour-resume = resume the tour
key-tour-faster = the tour stays less long
key-tour-slower = the tour stays longer

tour-word = tour
tour-next-in = next in { $left }
tour-paused = paused

search-title = Search
search-hint = number, name, district or address
search-none = Nothing on the list matches
search-found = found: { $count }
search-more = { $count } more

help-title = Keys
help-go-to-district = go to district 23
help-go-to-station = go to station 57/12
help-select = select a station
help-pages = page back and forward, on into the next district
help-enlarge = show the selected station large (or double click)
help-reconnect = try the selected station again now
help-back = back
help-tiles = more or fewer tiles on a page
help-search = search by number, name or address
help-tour = start, pause or resume the tour
help-tour-pace = the tour stays less long or longer on a page
help-group = several small districts on a page
help-full-screen = full screen on or off
help-keys = show or hide this list

hear-district = District { $number } { $name }, in trouble: { $trouble }
hear-station = Station { $number }, { $state }
hear-hit = Station { $number }, { $state }, { $name }, { $place }
hear-heading = District { $number } { $name } on this page

tile-refused = this picture cannot be drawn; see the log
wall-no-start = The wall cannot start
wall-no-list = The station list cannot be read
screenshot-not-written = The picture { $path } cannot be written
no-adapter = No graphics adapter was found. Install the Vulkan driver of your graphics card, or software Vulkan (Debian: apt-get install mesa-vulkan-drivers). Details: { $detail }
adapter-unusable = The graphics adapter cannot be used. Update its Vulkan driver, or install software Vulkan (Debian: apt-get install mesa-vulkan-drivers). Details: { $detail }
screen-size-impossible = A picture of { $size } pixels cannot be painted here; each side may have 1 to { $limit }
no-window = No window can be opened; the log says why. Is there a display? Without one: pollwall wall --screenshot OUT.png
device-gone = The graphics adapter was lost and does not come back: { $detail }. Start Pollwall again; if that does not help, restart the machine

zoom = { $factor }×
feed-main = main feed
feed-sub = sub feed
key-zoom = zoom
key-zoom-fit = whole picture
key-snapshot = snapshot
key-note = note
key-keep = keep
key-leave = leave
help-zoom = large view: closer, back, all of it (or wheel, drag, arrows)
help-snapshot = keep the selected station's picture as a file
help-note = write a note on the selected station

sound-unknown = sound: not known yet
sound-absent = no sound
sound-not-measured = sound: not measured for this kind of source
sound-unsupported = sound cannot be measured ({ $name })
sound-too-many = sound not received: more than { $most } stations have no sub feed
sound-left-out = sound left out: the stream broke with it · R: ask again
sound-stopped = sound stream, but nothing comes
sound-silent = sound: silence
sound-level = { $mean } dBFS · peak { $peak }

note-title = Note on { $number }
note-hint = what you see; one line
note-how = Enter: keep · Esc: leave, the text is remembered
note-left = { $count } characters left
hear-note = Note of { $time }: { $note }

told-snapshot = Snapshot of { $number } kept: { $file }
told-snapshot-old = Snapshot of { $number } kept: { $file } · not live: the picture is { $age } old
told-no-picture = No snapshot of { $number }: there is no picture yet
told-snapshot-lost = Snapshot of { $number } NOT kept: { $reason }
told-note = Note on { $number } kept
told-note-lost = Note on { $number } NOT kept: { $reason }. Its text is still there: N
told-busy = { $number }: the disk is still busy with what was asked before; try again
told-passing = · demo: thrown away at its end

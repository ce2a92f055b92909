# The replay, English

replay-title = Replay · { $day } · { $count ->
    [one] { $count } station
   *[other] { $count } stations
}
replay-stands = ❚❚ stands
replay-plays = ▶ { $speed }
replay-reverses = ◀ { $speed } backwards
replay-keyframes-only = keyframes only
replay-waits = waiting for pictures
replay-opening = being opened
replay-behind = this machine is behind
replay-no-recording = no recording
replay-unreadable = the recording cannot be read
replay-ended = nothing recorded after this
replay-hear-ready = { $number }: the picture of this moment
replay-hear-axis = The day, at { $at }
replay-camera-clock = camera’s clock { $seconds } s
replay-compare = { $number }: last picture before the gap of { $from }–{ $to }, and the first after it. Framed: what changed
replay-reading = reading the ledger …
replay-sums = { $share } · { $gaps ->
    [0] no gap
    [one] { $gaps } gap
   *[other] { $gaps } gaps
}
replay-no-ledger = The day’s ledger cannot be read: { $reason }
replay-marked = Marked: { $from }–{ $to }
replay-play = Play
replay-pause = Pause
replay-previous-gap = Previous gap
replay-next-gap = Next gap
replay-previous-frame = Previous picture
replay-next-frame = Next picture
replay-slower = Slower
replay-faster = Faster
replay-hints = Space play · ← → picture · [ ] gap · G compare · T time · ? keys
replay-go-to = Go to a time of this day
replay-time-hint = 11:00:03
replay-no-time = That is no time of the day: type it like 11:00 or 11:00:03.280
replay-note = Note about { $number } at { $at }
replay-key-play = play, pause
replay-key-frame = to the previous or next picture
replay-key-second = a second back or forward
replay-key-minute = a minute back or forward
replay-key-gap = to the previous or next gap
replay-key-compare = the last picture before a gap beside the first after it
replay-key-speed = faster, slower
replay-key-reverse = play backwards
replay-key-time = go to a time
replay-key-zoom = more or less of the timeline
replay-key-select = choose a station
replay-key-enlarge = one station large
replay-key-marks = mark where a span begins and ends
replay-key-bookmark = bookmark this moment
replay-kept-snapshot = Picture kept: { $file }
replay-kept-note = Kept for { $number } at { $at }
replay-not-kept = Not kept: { $reason }
replay-no-picture = There is no picture of this moment to keep
replay-nothing = Nothing is recorded here: { $place }
replay-none-chosen = None of the chosen stations was recorded on { $day }: { $stations }
replay-too-many = At most { $most } stations can be replayed at once; { $count } were chosen. Name some with --stations
replay-no-start = The replay cannot begin: { $reason }

help-replay = what was recorded of the chosen station
told-replay = The recording of { $number } opens in a window of its own
told-no-replay = The recording of { $number } cannot be opened: { $reason }
told-replay-ended = No replay of { $number }: it may not have been recorded
replay-why-missing = the file is not there any more
replay-why-disk = the disk does not give it
replay-why-damaged = the file is damaged
replay-why-undecodable = the picture cannot be decoded

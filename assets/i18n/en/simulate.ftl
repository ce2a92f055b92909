# The camera simulator and its fault scripts (English)

script-io = The fault script { $path } cannot be read: { $reason }.
script-too-large = The fault script { $path } is larger than { $mib } MiB. Make it smaller.
script-wrong = The fault script { $path } has mistakes. Correct these lines:
script-line = line { $line }: { $what }
script-line-key = line { $line }, { $key }: { $what }
script-syntax = this is no TOML ({ $words })
script-not-utf8 = this is not UTF-8; save the file as UTF-8
script-unknown-key = there is no such entry here; take it out or use one of these: { $known }
script-missing = this entry is missing; add it
script-not-sections = write each fault as a section [[fault]] of its own
script-too-many = there are { $found } faults; at most { $most } are read: name several stations in one fault
script-not-kind = “{ $found }” is no kind of fault; there are: { $known }
script-not-stations = “{ $found }” is no list of stations; write it like ["57/12", "23/*"] or ["*"]
script-no-such-station = “{ $found }” is no station of this simulation; correct it or simulate more stations
script-no-stations = say whom it strikes: stations = ["57/12", "57/*"] or share = 0.1
script-not-time = “{ $found }” cannot be used here; write a time like 500ms, 20s, 5m or 1h, at least { $least }, at most { $most }
script-not-number = “{ $found }” cannot be used here; write a number, at least { $least }, at most { $most }
script-not-rate = “{ $found }” is no such rate; write whole pictures a second from 1 to 30, or 0.01 to 0.5
script-not-word = “{ $found }” cannot be used here; write one of these: { $known }
script-not-size = “{ $found }” is no size; write even numbers like 704x576, at least 160x90, at most 1920x1080
script-every-without-for = what comes again must also end: add for, shorter than every
script-every-too-short = every must be longer than for

simulate-clips = Making the clips: { $done } of { $all } …
simulate-no-clip = There is no clip for station { $station }. Empty the folder of clips and try again.
simulate-no-cache = The system names no folder for what can be made again. Say where the clips are to be: --cache DIR
simulate-port = Port { $port } of { $address } cannot be opened: { $reason }. Choose another one with --port, or --port 0 for any free one.
simulate-no-port = There is no port that is free on every station's address. Name one with --port.
simulate-no-address = There is no loopback address for station { $station }. Simulate fewer stations.
simulate-poll = The simulator cannot wait for connections: { $reason }.
simulate-dumb = Station { $station } does not answer its first request: { $reason }. The machine may be overloaded; try again or simulate fewer stations.
simulate-thread = A thread cannot be started: { $reason }.
simulate-ready = { $count ->
    [one] { $count } station answers
   *[other] { $count } stations answer
} on port { $port }, from { $first } to { $last }.
simulate-listed = The list is in { $path }.
simulate-script-taken = { $count ->
    [one] The fault script strikes { $count } station.
   *[other] The fault script strikes { $count } stations.
}
simulate-script-kept = The script as it was before stays in force.
simulate-summary = Sessions begun: { $plays }. Connections: { $opens }, in the worst second { $worst }. Pictures sent: { $frames }, left out for slow clients: { $dropped }, because this machine was late: { $late }.
simulate-failed = The cameras failed; this is a fault of the program.
simulate-files = Too few files may be open for { $stations } stations: { $needed } are needed, the system allows { $limit }. Raise the hard limit (in this shell: sudo prlimit --pid $$ --nofile={ $needed }:{ $needed }; for good: /etc/security/limits.conf; for a service: LimitNOFILE={ $needed }) or simulate fewer stations.
simulate-login-io = The logins { $path } cannot be read: { $reason }.
simulate-login-wrong = { $path }, line { $line }: write a login as user:password, one a line, both at most 200 characters.
simulate-login-none = There is no login in { $path }; write one as user:password on a line of its own.

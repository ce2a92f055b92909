# Trying a camera: streams opened by hand, and what a camera delivers (English)

usage-no-address = Say what to look at: pollwall probe rtsp://HOST/PATH, or “-” for an address on standard input.
usage-secret-typed = Address { $number } holds a user name, a password or a key. Everybody on this machine can read a command line, and the shell remembers it. Give it on standard input instead: put “-” in its place and the address on a line of its own; then take it out of the shell's history.
usage-bad-address = Address { $number } (“{ $found }”) cannot be opened. Expected: { $expected }.
usage-expect-seconds = a whole number of seconds from 1 to 3600

open-district = Opened by hand
open-ask = Type one address a line, then Ctrl-D. What you type can be seen on this screen.
open-nothing = There is no address on standard input. Give one a line, for example rtsp://HOST/PATH.
open-no-input = Standard input cannot be read: { $reason }.
open-too-much = There is more than { $mib } MiB on standard input. Give one address a line.
open-bad-line = The address in line { $number } of standard input (“{ $found }”) cannot be opened. Expected: { $expected }.
open-kept = What you saved lies in { $path }

probe-one = Give one address: pollwall probe looks at one stream at a time.
probe-listening = Listening for up to twelve seconds …
probe-no-start = Receiving cannot begin: { $reason }.
probe-delivers = delivers pictures
probe-interrupted = ended before anything was known

probe-transport = transport
probe-times = after
probe-time-playing = { $span } connected
probe-time-unit = { $span } first data
probe-time-picture = { $span } first picture
probe-picture = picture
probe-level = level { $level }
probe-aspect = pixels { $aspect }
probe-bits = { $bits } bit
probe-interlaced = interlaced
probe-pace = rate
probe-rate = { $rate } pictures/s
probe-declared = declared: { $rate }
probe-not-declared = none declared
probe-not-known = not known
probe-regularity = gaps
probe-gaps = 95 % up to { $usual }, longest { $longest }
probe-keyframes = keyframes
probe-no-keyframes = none seen
probe-group = { $count ->
    [one] every picture ({ $span })
   *[other] every { $count } pictures ({ $span })
}
probe-group-more = { $count ->
    [one] at least { $count } picture apart ({ $span })
   *[other] at least { $count } pictures apart ({ $span })
}
probe-b-frames = B-frames
probe-no-b-frames = no B-frames
probe-bit-rate = bit rate
probe-largest = largest keyframe { $size }
probe-measured = measured
probe-count = { $count ->
    [one] { $count } picture in { $span }
   *[other] { $count } pictures in { $span }
}
probe-sound = sound
probe-no-sound = none
probe-sound-of = { $codec }, { $rate } Hz
probe-channels = { $count ->
    [one] { $count } channel
   *[other] { $count } channels
}
probe-clock = clock
probe-clock-not-told = not told
probe-clock-same = the same as this machine's
probe-clock-ahead = { $span } ahead of this machine's
probe-clock-behind = { $span } behind this machine's (the time on the way included)
probe-ms = { $number } ms
probe-kbit = { $number } kbit/s
probe-mbit = { $number } Mbit/s
probe-kib = { $number } KiB
probe-mib = { $number } MiB

probe-auth-rejected = the camera rejects the login
probe-forbidden = the camera forbids access (error 403)

probe-do-name-not-found = Check the host name's spelling and this machine's name server, or use the camera's IP address.
probe-do-refused = Check the port (RTSP is mostly 554) and that the camera's streaming is switched on; a firewall may refuse too.
probe-do-unreachable = Check this machine's cable, network and VPN, and that the camera's address belongs to a network that can be reached from here.
probe-do-connect-timed-out = Check that the camera has power and network, that the address is right, and that no firewall swallows the connection; try from the camera's own network.
probe-do-no-first-frame = The camera agrees to play and sends nothing: look at its own web page whether it has a picture, restart it, try its other stream.
probe-do-frames-stopped = Look at the line between here and the camera, and whether other viewers use it up; restart the camera if it happens again.
probe-do-closed = The camera may have too many viewers or be restarting: end other sessions and try again in a minute.
probe-do-srt-rejected = Check the passphrase (10 to 79 characters), host and port, that the sender runs as listener, and that a firewall lets UDP through.
probe-do-not-found = Check the path in the address, small and capital letters too; the camera's manual or web page gives it.
probe-do-no-login = Give the user name and password with the address on standard input: pollwall probe -
probe-do-wrong-login = Check user name and password. Do not try often: after some failures cameras lock everybody out for half an hour.
probe-do-forbidden = Give this user the right to watch live pictures in the camera's settings; end other sessions; after wrong passwords wait half an hour.
probe-do-own-limit = Close other programs or raise the limit of open files: “ulimit -n” in the shell, LimitNOFILE in the service.
probe-do-host-busy = Try again in a minute.
probe-do-status = Look into the camera's own log. Errors from 500 on mostly mean too many viewers or a stream that is switched off; others, an address that it does not like.
probe-do-unsupported-codec = Set the stream to H.264 or H.265 in the camera's video settings.
probe-do-too-large = Choose a smaller picture in the camera's video settings.
probe-do-undecodable = Set the stream to plain H.264 (profile Main or High), switch off the maker's extensions (“H.264+”, “Smart Codec”), and restart the camera.
probe-do-no-keyframe = Set the distance of keyframes (I-frame interval, GOP) to two seconds in the camera's video settings.
probe-do-protocol = Check that the port is the stream's and not the web page's; update the camera's software; restart it.
probe-do-foreign-host = Probe the address that the playlist or the redirect leads to; a wall follows it only where its list names that server.
probe-do-internal = This is Pollwall's own fault. Please report it with the output of --json.

remark-long-gop = Keyframes are { $span } apart. After every loss, and when the stream is opened, there is no picture for up to that long; on a busy machine, which shows keyframes only, it changes as seldom. Set the keyframe interval to two seconds.
remark-gop-unseen = Only one keyframe came in { $span }. Measure longer (--seconds 60), and set the keyframe interval to two seconds.
remark-gop-not-kept = The pictures from one keyframe to the next take { $size }, and { $kept } of them are kept: after a page flip nothing is shown for up to { $span }. Set a shorter keyframe interval or a lower bit rate.
remark-heavy = { $bits }: 1000 stations like this would be { $all } Gbit/s. For a wall of 1000 stations { $good } are recommended.
remark-use-sub = { $rows } rows are more than a tile shows. If the camera has a second, smaller stream ({ $good }), name it in the list as “sub”: it is received all the time then, and this one only while the station is large.
remark-open-gop = Groups of pictures are open: after a loss the pictures next to the first keyframe are left out. Choose closed groups if the camera lets you.
remark-b-frames = Pictures come in another order than they are shown in (B-frames), which delays all of them by a few. Switch B-frames off for live watching.
remark-irregular = Nothing came for { $span }; the wall calls that stalled. Look at the line between here and the camera.
remark-clock-off = The camera's clock is off by { $span }. Times burnt into its picture are no evidence: set its time server (NTP).
remark-clock-unset = The camera's clock was never set. Times burnt into its picture are no evidence: set its time server (NTP).
remark-low-rate = { $rate } pictures a second: movements are seen as single pictures. At least 10 are recommended.
remark-rate-differs = The camera declares { $declared } pictures a second and sends { $measured }. Look at its settings and at the line.
remark-interlaced = Pictures are interlaced: moving edges show a comb. Set the camera to progressive.
remark-converted = The samples must be converted to be shown, which costs processor time. Set 8 bit and 4:2:0.
remark-losses = { $count ->
    [one] Something was lost on the way { $count } time; the picture stands still up to the next keyframe. Look at the line between here and the camera.
   *[other] Something was lost on the way { $count } times; each time the picture stands still up to the next keyframe. Look at the line between here and the camera.
}
remark-time-jumps = { $count ->
    [one] The time stamps jumped { $count } time. The wall does not mind; recordings are cut there.
   *[other] The time stamps jumped { $count } times. The wall does not mind; recordings are cut there.
}
remark-late-start = The first picture took { $span }. After each loss people wait that long.
remark-no-login = The camera gives its pictures to everybody who asks. Set a user name and password.
remark-missed = This machine was too busy: { $count } events were not measured. The figures are not exact.
remark-good = { $size } at { $rate } pictures/s and { $bits }

probe-file-not-found = there is no such file
probe-file-unreadable = the file may not be read
probe-file-no-film = this is no film
probe-do-file-not-found = Check the path, small and capital letters too. In a file's address a space is written %20, # %23, ? %3F and % %25.
probe-do-file-unreadable = Give this user the right to read the file and to enter its folder.
probe-do-file-no-film = Give a file, not a folder: MP4, Matroska, MPEG-TS, FLV or AVI with H.264, H.265, AV1 or JPEG pictures.

# The station list: import, differences, versions, secrets, publication (English)

count-districts = { $count ->
    [one] { $count } district
   *[other] { $count } districts
}
list-size = { $stations } in { $districts }

problem-row = row
problem-column = column
problem-found = found
problem-expected = expected

expect-utf8 = text in UTF-8; in Excel: Save as → CSV UTF-8
expect-file-size = a file of at most { $mib } MiB
expect-stations = a header and at least one station below it
expect-closing-quote = a quotation mark (") that ends this cell
expect-after-quote = a separator or the end of the row after the closing quotation mark; a quotation mark inside a cell is written twice
expect-known-column = one of these columns: { $names }
expect-required-column = a column “{ $name }”
expect-column-once = each column once; column “{ $other }” means the same
expect-cells = { $count ->
    [one] no more than { $count } cell, as in the header
   *[other] no more than { $count } cells, as in the header
}
expect-filled = this cell must be filled
expect-number = a whole number from 1 to { $max }
expect-new-station = each station once in its district; this one is in row { $row } already
expect-new-url = each URL at one station only; station { $station } in row { $row } has it already
expect-same-district-name = one name for a district; in row { $row } it is “{ $name }”
expect-degrees = degrees as a number from -{ $max } to { $max }
expect-both-coordinates = both coordinates or none
expect-visible = text without control characters or invisible ones
expect-length = { $max ->
    [one] at most { $max } character
   *[other] at most { $max } characters
}
expect-no-url = text, no URL; perhaps the columns are shifted
expect-rtsp = a URL that begins with rtsp://, http://, https://, rtmp://, rtmps://, srt://, udp:// or file://
expect-not-yet = a URL of another kind; this kind cannot be received yet
expect-no-tls = an rtsp:// URL; RTSP over TLS is not supported: switch the camera to plain RTSP inside a protected network (VPN)
expect-escaped = a URL in which it is clear where the password ends: write @ / ? # % in it as %40 %2F %3F %23 %25
expect-escaped-whole = user name and password either wholly escaped or not at all; a % that is part of the password is written %25
expect-escaped-path = a file's address with # written %23, ? %3F and % %25
expect-host = a valid host name or address
expect-port = a port from 1 to 65535
expect-whole-url = the whole URL; “…” is where its secrets were taken out
expect-url = a valid URL

import-fine = The list has no problems: { $list }.
import-problems = { $count ->
    [one] { $count } problem. Nothing was changed.
   *[other] { $count } problems. Nothing was changed.
}
import-no-terminal = There is no terminal to ask on. Use --check to only check the list or --accept to take it without asking.
import-unreadable = { $path } cannot be read: { $reason }.
import-same = The list is the same as the current version { $version }. Nothing was changed.
import-question = Take this list? [yes/no]
import-declined = The list was not taken. Nothing was changed.
import-accepted = The list is now version { $version }.
import-secrets = { $count ->
    [one] The user names and passwords of { $count } feed were taken out of its URL and are kept in { $kept }. They are still in { $file }: delete that file or keep it safe.
   *[other] The user names and passwords of { $count } feeds were taken out of their URLs and are kept in { $kept }. They are still in { $file }: delete that file or keep it safe.
}

diff-renumbered = → { $from } is now { $to }
diff-moved = ~ { $station }: { $columns }
diff-url = ~ { $station } { $kind }: another URL
diff-login = ~ { $station } { $kind }: another user name or password
diff-summary = Added: { $added }, removed: { $removed }, renumbered: { $renumbered }, moved: { $moved }, feeds with another URL or password: { $urls }.

list-none = There is no station list yet. Import one: pollwall import LIST.csv
list-restored = Version { $old } is current again, as version { $new }.
list-district = district
list-main = main feed
list-sub = sub feed

history-version = version
history-accepted = accepted
history-stations = stations
history-districts = districts
history-file = file
history-note = note
history-current = current
history-restored = same as version { $version }

export-title = List of polling stations with web cameras
export-district = Electoral district No. { $number }
export-station = station
export-name = name
export-address = address

# column titles of the published CSV: each must be one that the import understands
csv-district = district number
csv-district-name = district name
csv-station = station number
csv-name = station name
csv-address = address

store-io = { $path }: { $reason }.
store-damaged = { $path } is damaged at line { $line }. Move it away and import the list again, or take an earlier version back with pollwall list --restore.
store-no-version = There is no version { $version }. pollwall list --history shows those that are kept.
store-overtaken = Another list was accepted meanwhile. Nothing was changed; run the import again to see the difference from the new one.

vault-loose = Others can read { $path }, which holds the cameras' passwords (mode { $mode }). Pollwall does not start like this. Close the file with: { $mend }
vault-io = The passwords in { $path } cannot be read or written: { $reason }.
vault-damaged = { $path }, which holds the cameras' passwords, is damaged at line { $line }. Move it away and import the list again.
vault-missing = The passwords of list version { $version } are missing. Import the list again with its whole URLs.

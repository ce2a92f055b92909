# The command line, the data folder, the election day (English)

help =
    Pollwall shows the cameras of polling stations on a wall.

    pollwall [wall]              show the wall
      --district 23              begin with this district
      --size 1920x1080           size of the window or the picture, in pixels
      --screenshot OUT.png       open no window, write a picture of the wall
      --after 10s                … when the wall has run for that long (ms, s, m)
      --print-states text|json   also print each change of a state, one a line
      --metrics 9464             tell figures for Prometheus at this port

    pollwall watch               receive every station without a window, say how they do
      --print-states text|json   print each change of a state, one a line
      --json                     the same as --print-states json
      --metrics 127.0.0.1:9464   where figures for Prometheus are told; or off
      --metrics-anyone           other machines may read them, too
      --once 30s                 end after so long; exit code 4 if a station is in trouble

    pollwall record              the same, and records every station; docs/user/recording.md
      --stations 23/4,57/12      only these
    pollwall wall --record       show the wall and record (--stations as above)

    pollwall wall --open URL…    show these streams without a list, to try a camera;
                                 “-” reads them from standard input, one a line

    pollwall probe URL           say what a camera delivers, or why not and what to do;
                                 “-” reads the address from standard input
      --json                     print it as JSON
      --seconds 60               measure for so long (else up to 12 s in all)

    pollwall import LIST.csv     check a station list, show what it changes, ask
      --check                    only check it; exit code 1 if it has problems
      --accept                   take it without asking
      --json                     print the problems as JSON

    pollwall list                print the current station list
      --history                  print the versions that are kept
      --restore N                make version N the current one again
      --export DIR               write the list for publication (CSV and HTML)

    pollwall journal             print what happened: states, alarms, notes, lists
      --station 57/12            only at this station
      --since 11:30              … from then on (also 2024-02-07 11:30)
      --last 10m                 … in the last ten minutes (s, m, h, d)
      --kind note                … of this kind; “alarm” is all of alarms
      --csv, --json              as a spreadsheet or for programs, instead of sentences
      --verify                   check that no row was changed since; exit code 1 if one was
      --file JOURNAL             a copy instead of the data folder's journal

    pollwall footage check       is every recording there, as the catalogue says?
      --hash                     read them whole and compare them with what was sealed
      --json                     print it for programs; exit code 4 if something is wrong
    pollwall footage reindex     make the catalogue again from the recordings
      --hash                     learn the hashes that it lacks
    pollwall footage lock        keep recordings, whatever the rules say
      --from TIME --to TIME      … that have a moment of this time (2024-02-07 11:30)
      --station 57/12            … of this station; of all without it
      --reason TEXT              why
    pollwall footage unlock      --lock N --reason TEXT: take a lock away
    pollwall footage locks       list the locks; --json for programs

    pollwall heads               print the signed heads, and whether each follows on the last
      --json                     as a second holder gets them
      --file JOURNAL             those of a copy of the journal

    pollwall verify              hold recordings against the heads of the second holder
      --footage DIR              … in this volume; once for each volume
      --heads FILE               what the second holder has kept
      --fingerprint F            of the key that must have signed; without it, exit code 5
      --json                     print it for programs; exit code 4 if something is wrong

    pollwall ledger              what of the day is recorded, and why the rest is not
      --district 23              only this district
      --station 57/12            only this station, with all that is known of it
      --stage counting           only before-opening, voting, counting or protocol
      --day 2024-02-07           another day than the election's (or today)
      --files DIR                from the files under DIR alone, without a catalogue
      --csv, --json              for spreadsheets or for programs

    pollwall replay [FOLDER]     see recordings again: the data folder's, or those in FOLDER
      --at TIME                  begin at this moment (2024-02-07 11:30)
      --stations 23/4,57/12      begin with these
      --day 2024-02-07           this day
      --screenshot OUT.png       open no window, write a picture
      --list                     only say what there is
      --layout mediamtx          only this layout: pollwall, mediamtx or frigate
      --template NAMES           what file names look like, as {"{"}camera{"}"}/{"{"}YYYY{"}"}{"{"}MM{"}"}{"{"}DD{"}"}_{"{"}hh{"}"}{"{"}mm{"}"}{"{"}ss{"}"}.mp4
      --utc                      … the times in them are UTC
      --start 23/4=TIME          recordings of this station (or of a file) begin then
      --map CAMERA=23/4          whose a camera is (23/4:sub for its small stream)

    pollwall report              the day’s coverage as a page, tables and JSON
      --district 23              only this district
      --stations 23/4,57/12      only these stations
      --day 2024-02-07           another day than the election's (or today)
      --files DIR                from the files under DIR alone, without a catalogue
      --out DIR                  into this folder

    pollwall demo                show the wall on 1000 made-up cameras (takes the wall's options)
      --stations 1000            how many

    pollwall simulate            simulate cameras for rehearsals and tests
      --stations 1000            how many stations
      --port 8554                their port; 0 for any free one
      --list OUT.csv             write their list, ready to be imported
      --script FAULTS.toml       faults as the user guide describes them
      --quality light            light, full, 720p or 1080p
      --codec h264               h264 or h265
      --with-sub                 each with a light sub stream besides
      --burst                    begin with a keyframe
      --login FILE               a login for each, user:password a line
      --stats FILE               write counters, JSON a line
      --log-opens FILE           write connections and requests, JSON a line
      --cache DIR                folder of the clips
      --until-stdin-closes       end with standard input

    With every command:
      --data DIR                 data folder to use instead of your own
      --lang az|en|ru            language
      -h, --help                 this text
      -V, --version              version

    Exit codes: 0 done, 1 problems or failure, 2 wrong command line,
    3 another process holds the data folder, 4 watch --once: a station is in trouble.
    probe: 0 delivers pictures, 1 does not, 2 wrong command line or address.

usage-hint = Help: pollwall --help
usage-unknown-command = There is no command “{ $found }”. There are wall, watch, record, demo, probe, import, list, journal and simulate.
usage-unknown-option = There is no option “{ $found }” here.
usage-too-many = “{ $found }” is one argument too many.
usage-no-value = { $option } needs a value.
usage-needless-value = { $option } takes no value.
usage-no-file = Say which file to import: pollwall import LIST.csv
usage-both = { $first } and { $second } exclude each other.
usage-needs = { $option } goes only with { $needed }.
usage-bad-value = { $option } cannot be “{ $found }”. Expected: { $expected }.
usage-expect-lang = az, en or ru
usage-expect-size = width and height in pixels like 1920x1080, at least 320x200, at most 16384x16384
usage-expect-after = a time like 10s, 500ms or 2m, at most 24 hours
usage-expect-print = text or json
usage-expect-district = the number of a district
usage-expect-stations = a number of stations from 1 to 20000
usage-expect-port = a port from 1 to 65535, or 0 for any free one
usage-expect-quality = light, full, 720p or 1080p
usage-expect-codec = h264 or h265
usage-expect-version = the number of a version as pollwall list --history shows it

app-no-output = The output cannot be written: { $reason }.
app-no-log = The log in { $path } cannot be begun: { $reason }.
descriptors-too-few =
    { $feeds ->
        [one] One feed needs
       *[other] { $feeds } feeds need
    } { $needed } open files, but this process may have only { $limit }: some cameras cannot be opened. Raise the limit before the start: “sudo prlimit --pid $$ --nofile={ $needed }:{ $needed }” in the shell, or LimitNOFILE={ $needed } in the service.

io-not-found = there is no such file or folder
io-denied = no permission
io-is-folder = it is a folder
io-not-folder = it is not a folder
io-full = no space left on the disk
io-read-only = the disk is read-only

data-no-home = The system names no home folder. Say where the data is to be: --data DIR
data-unusable = The data folder { $path } cannot be used: { $reason }. Give yourself access to it or choose another one with --data DIR.
own-held = The data folder { $path } is held by pollwall { $command }, process { $pid } on { $host }, since { $since }. End that process or choose another folder with --data DIR.
own-held-unknown = The data folder { $path } is held by another process that has not given its name yet. Try again in a moment.
own-failed = The lock { $path } cannot be taken: { $reason }.

day-io = The election day { $path } cannot be read: { $reason }.
day-wrong = The election day { $path } has mistakes. Correct these lines:
day-line = line { $line }: { $what }
day-line-key = line { $line }, { $key }: { $what }
day-syntax = this is no TOML ({ $words })
day-not-utf8 = this is not UTF-8; save the file as UTF-8
day-unknown-key = there is no such entry; take it out or correct its name
day-missing = this entry is missing; add it
day-not-text = write this as text in quotation marks
day-not-table = write this as a section of its own, as the user guide shows
day-not-date = “{ $found }” is no date; write it like 2024-02-07
day-not-time = “{ $found }” is no time; write it like 08:00
day-not-zone = “{ $found }” is no time zone; write it like Asia/Baku
day-not-station = “{ $found }” is no station; write district and number like 57/12
day-again = station { $station } has two sections; leave one
day-no-times = no time is given; give those that differ or take the section out
day-same = { $first } and { $second } begin at the same time; give each its own
day-voting-first = { $second } must begin after { $first } on the same day
day-backwards = { $second } would begin more than a day after { $first }; correct the times

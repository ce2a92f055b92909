# Recording, English

recording-opening = recording is being prepared
recording-refused = recording cannot begin: { $reason }
recording-status = recorded: { $safe } of { $all }, { $rate }
recording-rate = { $number } MB/s
recording-hours = room for { $hours } h
recording-failing = NOT EVERYTHING IS WRITTEN: { $reason }
guard-recording = This machine has a problem: recording
guard-recording-advice = What is to be recorded is not written. Make room on the volume, or see whether it is mounted and may be written to
journal-own-recording = recording
told-recording = Recording has begun. Stations: { $count }
told-recording-stop = Recording goes on. To stop it, press Shift R once more within 15 s
told-recording-stopped = Recording has been STOPPED. Nothing is recorded from now on
told-no-recording-here = Streams that were opened by hand are not recorded
told-no-recording = Nothing can be recorded: { $reason }
tile-not-recorded = not recorded
top-recording = REC
top-recording-opens = REC: being prepared
top-not-recording = NOT RECORDED
top-hours = room for { $hours } h
help-record = record all stations; twice: stop recording
help-acknowledge-both = acknowledge the alarm; all that are over
recording-no-station = Not on the station list: { $stations }. Nothing is recorded until the numbers are right.

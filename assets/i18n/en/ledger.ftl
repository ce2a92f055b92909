# The gap ledger, English

journal-recording-off = recording stopped
journal-recording-all = recording of all stations ({ $feed } stream)
journal-recording-some = recording of these stations ({ $feed } stream): { $stations }
journal-shown = on the wall { $wall } since { $from }, in tiles of { $size }: { $stations }

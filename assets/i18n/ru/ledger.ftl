# Учёт пробелов, русский

journal-recording-off = запись остановлена
journal-recording-all = ведётся запись всех участков (поток { $feed })
journal-recording-some = ведётся запись этих участков (поток { $feed }): { $stations }
journal-shown = на стене { $wall } с { $from }, в плитках { $size }: { $stations }

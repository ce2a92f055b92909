# Opening recordings (English)

opening-expect-layout = one of { $layouts }
opening-expect-start = a station or a file, “=” and a day with a time: 23/4=2024-02-07T08:00:00+04:00
opening-expect-map = a camera's name, “=” and a station: front-door=23/4, or 23/4:sub for its small stream
opening-bad-template = “{ $found }” does not say when a recording began: { $why }. It is the path from the opened folder on, with these in it: { $placeholders }; * stands for anything in a name.
opening-template-unknown = there is no { $name }
opening-template-twice = { $name } stands there twice
opening-template-lacks = { $name } is missing
opening-template-brace = a brace is not closed
opening-template-long = it is too long
opening-nothing-there = { $path } cannot be opened: { $reason }.
opening-nothing = There is nothing to be seen here.
opening-station = station
opening-camera = camera
opening-feed = stream
opening-files = files
opening-from = from
opening-to = up to
opening-file = file
opening-ours = ours
opening-foreign = foreign
opening-made-up = { $count ->
    [one] The number of { $count } station is made up, as its camera's name says none: tell it with --map.
   *[other] The numbers of { $count } stations are made up, as their cameras' names say none: tell them with --map.
}
opening-matched = { $count ->
    [one] { $count } file says whose it is and when it began; the first:
   *[other] { $count } files say whose they are and when they began; the first:
}
opening-unmatched = { $count ->
    [one] Nobody knows whose { $count } file is or when it began; tell it with --template or --start:
   *[other] Nobody knows whose { $count } files are or when they began; tell it with --template or --start:
}
opening-unreadable = { $count ->
    [one] { $count } file or folder cannot be read:
   *[other] { $count } files or folders cannot be read:
}
opening-more = … and { $count } more

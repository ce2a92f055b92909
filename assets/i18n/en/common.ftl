# Pollwall, English. The three files have the same keys and arguments; a test compares them.

count-stations = { $count ->
    [one] { $count } station
   *[other] { $count } stations
}

# Durability: a station that the journal does not know, made-up cameras that end by themselves (English)

journal-no-station = Station { $station } is on no list, and the journal has no row about it. Check the number (district/station): “pollwall list” prints the present list.
demo-ended-code = exit code { $code }
demo-ended-signal = signal { $signal }
demo-cameras-ended = The made-up cameras have ended by themselves ({ $how }); every station will be offline from now on. Start the demo again. { $said ->
    [none] They said nothing.
   *[other] Their last words: { $said }
}
simulate-input-ended = The simulator ends: standard input has closed ({ $why }).

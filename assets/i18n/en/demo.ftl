# The demo, its made-up cameras, and states printed (English)

clips-no-encoder = The pictures of the made-up cameras cannot be made: this FFmpeg has no encoder for { $codec } ({ $names }). Install FFmpeg with it or choose another codec.
clips-failed = The pictures of the made-up cameras cannot be made: { $reason }.

demo-day = Rehearsal
demo-cameras = Starting { $count } made-up cameras …
demo-no-cameras = The made-up cameras cannot be started: { $reason }.
demo-no-cameras-said = The made-up cameras did not start; what they said is above.
demo-no-folder = The demo cannot write { $path }: { $reason }. Make room there, or name another folder for temporary files (TMPDIR).
demo-wall = Opening the wall; ? shows the keys, closing the window ends the demo.
report-summary = of { $stations } stations:

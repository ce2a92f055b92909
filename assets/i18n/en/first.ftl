# The first run, and taking a station list in the window (English)

first-nothing-yet = There is no station list yet. Begin with one of these:
first-import = Import a station list
first-import-what = A CSV file with your stations. It is checked, and shown row by row, before anything is taken.
first-demo = Open the demo
first-demo-what = A thousand made-up cameras on this machine. Nothing to set up, nothing is kept.
first-demo-starting = The demo is being prepared
first-demo-stop = leave it
first-keys = ←  →  Enter: choose · L: language · F: full screen

help-import = take a new station list

import-title = Import a station list
import-drop = or drop the file on this window
import-path = Path of a CSV file
import-open = open
import-complete = complete
import-up = one folder up
import-folder = folder
import-list = list
import-reading = Reading …
import-nothing-here = No folder and no CSV file here
import-rows = { $count ->
    [one] { $count } row
   *[other] { $count } rows
}
import-no-rows = Nothing to show here
import-other-file = another file
import-accept = accept
import-taking = accepting …
import-only-problems = only problems
import-only-changes = only changes
import-what-is-wrong = what is wrong
import-what-changes = what changes
import-expected = expected: { $what }
import-cell-empty = { $column }: empty
import-added = new: { $count }
import-removed = removed: { $count }
import-renumbered = renumbered: { $count }
import-moved = moved or renamed: { $count }
import-urls = feeds with another URL or password: { $count }
import-is-new = new
import-is-gone = removed: not in this file
import-was = was { $number } before
import-differs = differs: { $columns }
import-url = { $column }: another URL
import-login = { $column }: another user name or password
import-cannot-list = { $path } cannot be looked into: { $reason }.
import-secrets-here = { $count ->
    [one] The user name and password of { $count } feed will be kept apart from the list, readable by you alone. They stay in this file: delete it afterwards or keep it safe.
   *[other] The user names and passwords of { $count } feeds will be kept apart from the list, readable by you alone. They stay in this file: delete it afterwards or keep it safe.
}
import-not-begun = This machine is too busy with folders that do not answer; the list was not taken. Close the wall and open it again.

first-folder = Open a folder of recordings
first-folder-what = Recordings of ours, or of another recorder, seen again and checked for gaps.
first-folder-hint = /media/recordings
first-folder-how = Enter: open it in a window of its own · Esc: back
first-folder-not = The folder cannot be opened: { $reason }
first-folder-ended = The folder was not opened. It may hold no recordings: { $folder }

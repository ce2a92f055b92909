# How the desk is set: tours and alarms, sound, who is at it (English)

notice-line-acknowledged = This line is acknowledged already
notice-nothing-chosen = No line is chosen: choose one with ↑ ↓
notice-sound-on = Alarms are heard: { $tone } · Shift B: another
notice-sound-off = Alarms are no longer heard
tone-chime = two notes
tone-bell = a bell
tone-pulses = three pulses

hear-interruptions-on = new alarms interrupt the tour
hear-interruptions-off = new alarms do not interrupt the tour
hear-sound-on = alarms are heard
hear-sound-off = alarms are not heard

operator-title = Who is at this desk?
operator-name = name
operator-hint = now: { $who }
operator-how = Enter: from now on this name stands beside what is acknowledged · Esc: leave as it is
key-operator = this is my name
detail-operator = At the desk: { $who } · O: somebody else

help-sound = alarms are heard, or not; another sound
help-operator = say who is at the desk

told-no-sound = Alarms cannot be heard: { $reason }
no-sound-player = there is no program here that plays sound (pulseaudio-utils or alsa-utils)
no-sound-device = no sound device answers

day-pictures-since = pictures since { $time }
hear-day-pictures = pictures of the day: { $count }, shown: { $shown }
day-last = the last { $span } · + −
day-whole = all of the day · + −
key-later = less of the day
key-earlier = more of the day
day-known = all that is known · + −

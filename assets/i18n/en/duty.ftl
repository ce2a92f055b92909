# This machine's own trouble, what is left of it, and work at a station in its day (English)

guard-late-long-advice = Its own work has been late for minutes. Alarms are raised all the same. Close other programs, or show fewer tiles
guard-unchecked = This machine has a problem: it does not look at the pictures
guard-unchecked-advice = Black, covered and frozen pictures go unnoticed; lost stations are told. Close other programs, or start Pollwall again
guard-given-up = { $lost } of { $of } stations are still gone
guard-given-up-advice = This machine waits for them no longer: they are raised as alarms. It is the country, or the network in front of this machine

detail-unanswered-for = nobody has it yet, for { $span } · A: acknowledge

journal-own-unchecked = it does not look at the pictures
journal-guard-began-raising = this machine has a problem: { $why }; alarms of cameras are raised all the same
journal-guard-yielded = this machine has had a problem for { $span }: { $why }; alarms of cameras are raised again all the same
journal-guard-ended-lost = this machine is well again after { $span }: { $why }; stations still gone: { $count }, they are raised as alarms
journal-guard-given-up = no longer waited for after { $span }: { $why }; nothing says that it is well again; stations still gone: { $count }, they are raised as alarms
journal-guard-over = the time in which this machine was held to be at fault is over after { $span }: { $why }

day-work = work { $from }–{ $to }, { $who }
day-work-until = work since { $from }, planned until { $until }, { $who }
day-work-open = work since { $from }, until ended, { $who }

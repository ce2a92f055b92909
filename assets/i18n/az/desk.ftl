# Növbə yerinin vəziyyəti: baxış və həyəcanlar, səs, kim növbədədir (azərbaycanca)

notice-line-acknowledged = Bu sətir artıq qəbul edilib
notice-nothing-chosen = Heç bir sətir seçilməyib: ↑ ↓ ilə seçin
notice-sound-on = Həyəcanlar səslənir: { $tone } · Shift B: başqası
notice-sound-off = Həyəcanlar daha səslənmir
tone-chime = iki not
tone-bell = zəng
tone-pulses = üç siqnal

hear-interruptions-on = yeni həyəcanlar növbəli baxışı kəsir
hear-interruptions-off = yeni həyəcanlar növbəli baxışı kəsmir
hear-sound-on = həyəcanlar səslənir
hear-sound-off = həyəcanlar səslənmir

operator-title = Bu növbədə kimdir?
operator-name = ad
operator-hint = indi: { $who }
operator-how = Enter: bundan sonra qəbul edilənlərin yanında bu ad yazılır · Esc: olduğu kimi saxlamaq
key-operator = mənim adım
detail-operator = Növbədə: { $who } · O: başqası

help-sound = həyəcanlar səslənsin və ya səslənməsin; başqa səs
help-operator = növbədə kimin olduğunu yazmaq

told-no-sound = Həyəcanlar eşidilməyəcək: { $reason }
no-sound-player = burada səs çalan proqram yoxdur (pulseaudio-utils və ya alsa-utils)
no-sound-device = heç bir səs qurğusu cavab vermir

day-pictures-since = şəkillər, { $time }-dən
hear-day-pictures = günün şəkilləri: { $count }, göstərilir: { $shown }
day-last = son { $span } · + −
day-whole = bütün gün · + −
key-later = günün az hissəsi
key-earlier = günün çox hissəsi
day-known = məlum olan · + −

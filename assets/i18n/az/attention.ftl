# Diqqət siyahısı, həyəcanlara cavab, məntəqədə iş, öz nasazlığı və günün səhifəsi (Azərbaycan dili)

attention-title = diqqət siyahısı · { $count }
attention-none = diqqət tələb edən yoxdur
attention-no-alarm = hələ həyəcan yoxdur; problemli məntəqələr: { $count }
attention-none-such = bu vəziyyətdə yoxdur
attention-only = yalnız: { $state }
attention-all = hamısı: Esc
attention-above = ↑ yuxarıda { $count }
attention-below = ↓ aşağıda { $count }
attention-how = Tab: siyahıya keçmək · oxlar: seçmək · Enter: məntəqəni göstərmək · A: qəbul etmək

together-district = { $number } saylı dairə
together-host = Host { $name }
together-network = Şəbəkə { $name }
together-lost = { $of } məntəqədən { $count } birgə itib

line-over = bitib: { $what }
detail-since = { $since } vaxtından: { $state }
detail-over = { $since }–{ $until }: { $state }
detail-answered = { $time } – { $who } qəbul edib

answer-title = Qəbul etmək: { $what }
answer-note = qeyd
answer-note-hint = nə bilirsiniz, nə edirsiniz; boş qala bilər
answer-how = Enter: { $who } adından qəbul etmək · Esc: çıxmaq

maintain-title = { $number } nömrəli məntəqədə texniki iş
maintain-until-ended = bitirilənədək
maintain-reason = səbəb
maintain-reason-hint = hansı iş görülür; boş qala bilər
maintain-how = ↑ ↓: müddət · Enter: başlamaq · Esc: çıxmaq · bu müddətdə həyəcan verilmir, hər şey qeydə alınır
maintenance-until = { $time } vaxtınadək
maintenance-until-ended = bitirilənədək

tile-same-since = { $time } vaxtından eyni görüntü
tile-over = bitib · { $lasted } · { $what }
tour-interrupted = yeni həyəcan { $number } · baxışın davamı: { $left }

guard-late = Bu kompüterdə nasazlıq var: çox yavaş işləyir
guard-late-advice = Öz işi gecikir. Kameralar günahkar sayılmır, yeni həyəcan verilmir. Başqa proqramları bağlayın və ya daha az pəncərə göstərin
guard-network = Bu kompüterdə nasazlıq var: şəbəkəsi
guard-network-advice = Məntəqələrin çoxu eyni anda dəyişdi. Kameralar günahkar sayılmır, yeni həyəcan verilmir. Bu kompüterin kabelini, kommutatorunu və marşrutizatorunu yoxlayın
guard-disk = Bu kompüterdə nasazlıq var: diski
guard-disk-advice = Yazılmalı olan yazıla bilmir və yaddaşda gözləyir. Diskdə yer açın və ya onu yazıla bilən edin
guard-since = { $time } vaxtından · { $counter }

notice-nothing-to-acknowledge = { $number } nömrəli məntəqənin cavab gözləyən həyəcanı yoxdur
notice-none-ended = Bitmiş və cavabsız həyəcan yoxdur
notice-ended-acknowledged = Qəbul edilmiş bitmiş həyəcanlar: { $count }
notice-choose-one = Bu sətir bir neçə məntəqəyə aiddir: Enter ilə açın və birini seçin
notice-maintenance-ended = { $number } nömrəli məntəqədə texniki iş bitdi
notice-interruptions-on = Yeni həyəcanlar növbəli baxışı kəsir
notice-interruptions-off = Yeni həyəcanlar növbəli baxışı daha kəsmir

key-attention = diqqət siyahısı
key-acknowledge = qəbul etmək
key-filter = yalnız bir vəziyyət
key-maintain = texniki iş
key-how-long = müddət
key-day = günü
key-next-station = növbəti məntəqə

help-attention = diqqət siyahısına keçmək və qayıtmaq; orada: ↑ ↓ sətir, ← → vəziyyət
help-attention-shown = diqqət siyahısını göstərmək və ya gizlətmək
help-maintenance = məntəqədə texniki iş: başlamaq və ya bitirmək
help-day = seçilmiş məntəqənin günü
help-interruptions = yeni həyəcanlar növbəli baxışı kəssin və ya kəsməsin

day-title = { $number } nömrəli məntəqənin günü
day-loading = günün qeydləri oxunur …
day-states = vəziyyət
day-reconnects = yenidən qoşulma: { $count }
day-frames = kadr/san
day-bits = bit sürəti
day-megabits = { $value } Mbit/san
day-pictures = görüntülər
day-errors = Xətalar
day-no-errors = hələ yoxdur
day-alarms = Həyəcanlar
day-no-alarms = hələ yoxdur
day-unanswered = heç kim qəbul etməyib
day-more = daha əvvəl: { $count }
day-span = { $state } { $from }–{ $to }
day-since = { $from } vaxtından: { $state }
day-together = daha { $count } məntəqə ilə birgə

hear-attention = { $title }, qəbul edilməyib: { $unanswered }
hear-hidden = diqqət siyahısını göstərmək, qəbul edilməyib: { $unanswered }
hear-filter = { $filter }, hamısını göstərmək
hear-count = yalnız { $state } göstərilsin: { $count }
hear-line = { $name }, { $state }, qəbul edilməyib
hear-line-late = { $name }, { $state }, çoxdan qəbul edilməyib
hear-line-answered = { $name }, { $state }, { $who } qəbul edib
hear-line-plain = { $name }, { $state }
hear-station-unanswered = Məntəqə { $number }, { $state }, qəbul edilməyib
hear-district-unanswered = { $district }, qəbul edilməyib

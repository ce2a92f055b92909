# Təkrar baxış, Azərbaycan dili

replay-title = Təkrar baxış · { $day } · { $count } məntəqə
replay-stands = ❚❚ dayanıb
replay-plays = ▶ { $speed }
replay-reverses = ◀ { $speed } geriyə
replay-keyframes-only = yalnız açar kadrlar
replay-waits = görüntü gözlənilir
replay-opening = açılır
replay-behind = bu kompüter gecikir
replay-no-recording = yazılış yoxdur
replay-unreadable = yazılışı oxumaq olmur
replay-ended = bundan sonra yazılış yoxdur
replay-hear-ready = { $number }: bu anın görüntüsü
replay-hear-axis = Gün, vaxt { $at }
replay-camera-clock = kameranın saatı { $seconds } s
replay-compare = { $number }: { $from }–{ $to } boşluğundan əvvəlki son və sonrakı ilk görüntü. Dəyişən yerlər çərçivədədir
replay-reading = uçot oxunur …
replay-sums = { $share } · { $gaps ->
    [0] boşluq yoxdur
   *[other] { $gaps } boşluq
}
replay-no-ledger = Günün uçotunu oxumaq olmur: { $reason }
replay-marked = İşarələnib: { $from }–{ $to }
replay-play = Oynat
replay-pause = Dayandır
replay-previous-gap = Əvvəlki boşluq
replay-next-gap = Növbəti boşluq
replay-previous-frame = Əvvəlki kadr
replay-next-frame = Növbəti kadr
replay-slower = Daha yavaş
replay-faster = Daha sürətli
replay-hints = Space oynat · ← → kadr · [ ] boşluq · G müqayisə · T vaxt · ? düymələr
replay-go-to = Bu günün vaxtına keç
replay-time-hint = 11:00:03
replay-no-time = Bu, günün vaxtı deyil: 11:00 və ya 11:00:03.280 kimi yazın
replay-note = { $number } haqqında qeyd, vaxt { $at }
replay-key-play = oynat, dayandır
replay-key-frame = əvvəlki və ya növbəti kadr
replay-key-second = bir saniyə geri və ya irəli
replay-key-minute = bir dəqiqə geri və ya irəli
replay-key-gap = əvvəlki və ya növbəti boşluq
replay-key-compare = boşluqdan əvvəlki son görüntü sonrakı ilk görüntünün yanında
replay-key-speed = daha sürətli, daha yavaş
replay-key-reverse = geriyə oynat
replay-key-time = vaxta keç
replay-key-zoom = zaman xəttini böyüt, kiçilt
replay-key-select = məntəqəni seç
replay-key-enlarge = bir məntəqə böyük
replay-key-marks = aralığın əvvəlini və sonunu işarələ
replay-key-bookmark = bu anı əlfəcinlə işarələ
replay-kept-snapshot = Şəkil saxlanıldı: { $file }
replay-kept-note = { $number } üçün saxlanıldı, vaxt { $at }
replay-not-kept = Saxlanılmadı: { $reason }
replay-no-picture = Bu anın saxlanılacaq görüntüsü yoxdur
replay-nothing = Burada heç nə yazılmayıb: { $place }
replay-none-chosen = Seçilmiş məntəqələrdən heç biri { $day } tarixində yazılmayıb: { $stations }
replay-too-many = Eyni vaxtda ən çoxu { $most } məntəqəyə baxmaq olar; { $count } seçilib. --stations ilə bir neçəsini göstərin
replay-no-start = Təkrar baxış başlaya bilmir: { $reason }

help-replay = seçilmiş məntəqənin yazılışı
told-replay = { $number } məntəqəsinin yazılışı ayrı pəncərədə açılır
told-no-replay = { $number } məntəqəsinin yazılışını açmaq olmur: { $reason }
told-replay-ended = { $number } üçün təkrar baxış yoxdur: bəlkə də yazılmayıb
replay-why-missing = fayl artıq yerində deyil
replay-why-disk = disk onu vermir
replay-why-damaged = fayl zədələnib
replay-why-undecodable = görüntünün kodunu açmaq olmur

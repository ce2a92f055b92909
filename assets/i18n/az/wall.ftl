# Videodivar (Azərbaycan dili)

decimal = { $whole },{ $part }
span-minutes = { $minutes } dəq
span-hours = { $hours } saat
span-hours-minutes = { $hours } saat { $minutes } dəq
span-seconds = { $seconds } san

state-live = canlı
state-connecting = qoşulur
state-not-checked = yoxlanılmayıb
state-maintenance = texniki iş
state-degraded = keyfiyyət aşağıdır
state-covered = ehtimal: qarşısı bağlanıb
state-frozen = ehtimal: donub
state-black = qara görüntü
state-stalled = axın dayanıb
state-offline = əlaqə yoxdur
state-auth-failed = giriş rədd edildi
state-unsupported = göstərilə bilmir

trouble-name-not-found = kameranın host adı tapılmır
trouble-refused = kameranın hostu qoşulmanı rədd edir
trouble-unreachable = kameranın şəbəkəsinə yol yoxdur
trouble-connect-timed-out = kamera cavab vermir
trouble-no-first-frame = qoşulub, amma görüntü gəlmir
trouble-frames-stopped = görüntülər daha gəlmir
trouble-closed = kamera bağlantını kəsdi
trouble-srt-rejected = SRT göndərəni cavab vermir və ya parol ifadəsi yanlışdır
trouble-not-found = hostda bu adda axın yoxdur
trouble-auth-rejected = istifadəçi adı və ya parol rədd edildi · R: yenidən cəhd
trouble-auth-given-up = istifadəçi adı və ya parol dəfələrlə rədd edildi: kamera kilidlənməsin deyə daha cəhd edilmir · R: yenidən cəhd
trouble-forbidden = kamera girişi qadağan edir (xəta 403): icazə yoxdur və ya müvəqqəti kilidlənib · R: yenidən cəhd
trouble-own-limit = bu kompüter daha çox bağlantı aça bilmir; açıq faylların həddini artırın (prlimit --nofile, LimitNOFILE)
trouble-host-busy = eyni hostun başqa axınları hələ açılır
trouble-status = kamera { $code } xətası ilə cavab verir
trouble-unsupported-codec = göstərilə bilən video yoxdur (təklif olunan: { $name })
trouble-too-large = { $size } ölçülü görüntü { $most } həddindən böyükdür
trouble-undecodable = kameranın görüntülərini açmaq olmur
trouble-no-keyframe = kadrlar gəlir, lakin dekodlaşdırmanın başlaya biləcəyi açar kadr yoxdur
trouble-protocol = kamera protokolu pozur
trouble-foreign-host = axın siyahıda olmayan serverə yönləndirir: onun ünvanını siyahıya əlavə edin
trouble-internal = proqram bu axında xətaya uğradı; jurnal faylına baxın

stage-before-opening = açılışdan əvvəl
stage-voting = səsvermə
stage-counting = səslərin hesablanması
stage-protocol = protokolun doldurulması
stage-closed = bağlıdır
stage-another-day = day.toml faylında səsvermə günü: { $date }
stage-progress = { $elapsed } / { $total }

machine-behind = bu kompüter gecikir
machine-trouble = bu kompüterdə nasazlıq var
tile-waiting = tam görüntü gözlənilir
tile-last-picture = son görüntü { $time }
tile-rate-age = { $rate } kadr/san · { $age }

place-district = { $number } saylı seçki dairəsi
place-district-named = { $number } saylı dairə · { $name }
place-page = səhifə { $page } / { $pages }
place-districts = { $first }–{ $last } saylı dairələr
entry-go-to = keçid: { $number }
notice-no-district = Siyahıda { $number } saylı dairə yoxdur
notice-no-station = Siyahıda { $number } nömrəli məntəqə yoxdur
notice-reconnecting = { $number } nömrəli məntəqəyə yenidən qoşulur
notice-dwell = Növbəli baxış hər səhifədə { $seconds } saniyə dayanır
list-empty = Hələ məntəqə yoxdur: pollwall import SİYAHI.csv

key-keys = düymələr
key-full-screen = tam ekran
key-back = geri
key-enlarge = böyütmək
key-next-page = növbəti səhifə
key-previous-page = əvvəlki səhifə
key-more-tiles = səhifədə daha çox pəncərə
key-fewer-tiles = səhifədə daha az pəncərə
key-group = səhifədə bir neçə dairə
key-search = axtarış
key-choose = seçmək
key-show = göstərmək
key-tour = növbəli baxış
key-tour-pause = növbəli baxışa fasilə vermək
key-tour-resume = növbəli baxışı davam etdirmək
key-tour-faster = növbəli baxış daha az dayansın
key-tour-slower = növbəli baxış daha çox dayansın

tour-word = növbəli baxış
tour-next-in = növbəti: { $left }
tour-paused = fasilə

search-title = Axtarış
search-hint = nömrə, ad, dairə və ya ünvan
search-none = Siyahıda uyğun məntəqə yoxdur
search-found = tapıldı: { $count }
search-more = daha { $count }

help-title = Düymələr
help-go-to-district = 23 saylı dairəyə keçmək
help-go-to-station = 57/12 nömrəli məntəqəyə keçmək
help-select = məntəqə seçmək
help-pages = səhifələri vərəqləmək, sonra növbəti dairə
help-enlarge = seçilmiş məntəqəni böyük göstərmək (və ya iki klik)
help-reconnect = seçilmiş məntəqəyə indi yenidən qoşulmaq
help-back = geri
help-tiles = səhifədə daha çox və ya daha az pəncərə
help-search = nömrəyə, ada və ya ünvana görə axtarış
help-tour = növbəli baxışı başlatmaq, dayandırmaq, davam etdirmək
help-tour-pace = növbəli baxış səhifədə daha az və ya daha çox dayanır
help-group = səhifədə bir neçə kiçik dairə
help-full-screen = tam ekranı açmaq və ya bağlamaq
help-keys = bu siyahını göstərmək və ya gizlətmək

hear-district = Dairə { $number } { $name }, problemli: { $trouble }
hear-station = Məntəqə { $number }, { $state }
hear-hit = Məntəqə { $number }, { $state }, { $name }, { $place }
hear-heading = Bu səhifədə dairə { $number } { $name }

tile-refused = bu görüntünü ekrana çıxarmaq olmur; jurnal faylına baxın
wall-no-start = Videodivar işə düşə bilmir
wall-no-list = Məntəqələrin siyahısını oxumaq olmur
screenshot-not-written = { $path } şəklini yazmaq olmur
no-adapter = Qrafik adapter tapılmadı. Videokartın Vulkan drayverini və ya proqram əsaslı Vulkan drayverini quraşdırın (Debian: apt-get install mesa-vulkan-drivers). Təfərrüat: { $detail }
adapter-unusable = Qrafik adapterdən istifadə etmək olmur. Vulkan drayverini yeniləyin və ya proqram əsaslı Vulkan drayverini quraşdırın (Debian: apt-get install mesa-vulkan-drivers). Təfərrüat: { $detail }
screen-size-impossible = { $size } piksel ölçüsündə şəkil yaratmaq olmur; hər tərəf 1 ilə { $limit } arasında ola bilər
no-window = Pəncərə açmaq olmur; səbəbi jurnal faylındadır. Ekran varmı? Ekransız: pollwall wall --screenshot ŞƏKİL.png
device-gone = Qrafik adapter itdi və geri qayıtmır: { $detail }. Pollwall-ı yenidən işə salın; kömək etməsə, kompüteri yenidən başladın

zoom = { $factor }×
feed-main = əsas axın
feed-sub = yardımçı axın
key-zoom = yaxınlaşdırmaq
key-zoom-fit = bütün görüntü
key-snapshot = şəkil
key-note = qeyd
key-keep = saxlamaq
key-leave = çıxmaq
help-zoom = böyük görünüş: yaxın, uzaq, hamısı (və ya təkər, siçan, oxlar)
help-snapshot = seçilmiş məntəqənin şəklini fayl kimi saxlamaq
help-note = seçilmiş məntəqə barədə qeyd yazmaq

sound-unknown = səs: hələ məlum deyil
sound-absent = səs yoxdur
sound-not-measured = səs: bu növ mənbədə ölçülmür
sound-unsupported = səs ölçülə bilmir ({ $name })
sound-too-many = səs alınmır: { $most }-dən çox məntəqənin yardımçı axını yoxdur
sound-left-out = səs alınmır: axın onunla kəsilirdi · R: yenidən istəmək
sound-stopped = səs axını var, lakin səs gəlmir
sound-silent = səs: sükut
sound-level = { $mean } dBFS · zirvə { $peak }

note-title = { $number } nömrəli məntəqə üzrə qeyd
note-hint = gördükləriniz; bir sətir
note-how = Enter: saxlamaq · Esc: çıxmaq, mətn yadda qalır
note-left = { $count } simvol qalıb
hear-note = { $time } qeydi: { $note }

told-snapshot = { $number } nömrəli məntəqənin şəkli saxlanıldı: { $file }
told-snapshot-old = { $number } nömrəli məntəqənin şəkli saxlanıldı: { $file } · canlı deyil: görüntü { $age } əvvəlindir
told-no-picture = { $number } nömrəli məntəqənin şəkli yoxdur: hələ görüntü gəlməyib
told-snapshot-lost = { $number } nömrəli məntəqənin şəkli SAXLANILMADI: { $reason }
told-note = { $number } nömrəli məntəqə üzrə qeyd saxlanıldı
told-note-lost = { $number } nömrəli məntəqə üzrə qeyd SAXLANILMADI: { $reason }. Mətni itməyib: N
told-busy = { $number }: disk hələ əvvəlki işlə məşğuldur; yenidən cəhd edin
told-passing = · nümayiş: sonunda silinir

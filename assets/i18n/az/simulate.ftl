# Kamera simulyatoru və onun nasazlıq ssenariləri (azərbaycan dili)

script-io = { $path } nasazlıq ssenarisini oxumaq mümkün olmadı: { $reason }.
script-too-large = { $path } nasazlıq ssenarisi { $mib } MiB-dən böyükdür. Onu kiçildin.
script-wrong = { $path } nasazlıq ssenarisində səhvlər var. Bu sətirləri düzəldin:
script-line = sətir { $line }: { $what }
script-line-key = sətir { $line }, { $key }: { $what }
script-syntax = bu, TOML deyil ({ $words })
script-not-utf8 = bu, UTF-8 deyil; faylı UTF-8 kimi saxlayın
script-unknown-key = burada belə yazı yoxdur; onu silin və ya bunlardan birini yazın: { $known }
script-missing = bu yazı çatışmır; əlavə edin
script-not-sections = hər nasazlığı ayrıca [[fault]] bölməsi kimi yazın
script-too-many = { $found } nasazlıq var, ən çoxu { $most } oxunur: bir nasazlıqda bir neçə məntəqəni göstərin
script-not-kind = “{ $found }” adlı nasazlıq növü yoxdur; növlər: { $known }
script-not-stations = “{ $found }” məntəqə siyahısı deyil; belə yazın: ["57/12", "23/*"] və ya ["*"]
script-no-such-station = “{ $found }” bu simulyasiyada yoxdur; düzəldin və ya daha çox məntəqə simulyasiya edin
script-no-stations = hansı məntəqələrə aid olduğunu yazın: stations = ["57/12", "57/*"] və ya share = 0.1
script-not-time = “{ $found }” burada yaramır; vaxtı 500ms, 20s, 5m və ya 1h kimi yazın, ən azı { $least }, ən çoxu { $most }
script-not-number = “{ $found }” burada yaramır; ədəd yazın, ən azı { $least }, ən çoxu { $most }
script-not-rate = “{ $found }” yaramır; saniyədə kadr sayını 1 ilə 30 arasında tam ədədlə və ya 0.01 ilə 0.5 arasında yazın
script-not-word = “{ $found }” burada yaramır; bunlardan birini yazın: { $known }
script-not-size = “{ $found }” ölçü deyil; 704x576 kimi cüt ədədlər yazın, ən azı 160x90, ən çoxu 1920x1080
script-every-without-for = təkrarlanan nasazlıq həm də bitməlidir: every-dən qısa olan for əlavə edin
script-every-too-short = every for-dan uzun olmalıdır

simulate-clips = Kliplər hazırlanır: { $done }/{ $all } …
simulate-no-clip = { $station } məntəqəsi üçün klip yoxdur. Klip qovluğunu boşaldıb təkrar cəhd edin.
simulate-no-cache = Sistem müvəqqəti fayllar üçün qovluq göstərmir. Kliplərin harada olacağını yazın: --cache DIR
simulate-port = { $address } ünvanının { $port } portunu açmaq mümkün olmadı: { $reason }. --port ilə başqasını, hər hansı boş port üçün isə --port 0 yazın.
simulate-no-port = Bütün məntəqələrin ünvanında boş olan port tapılmadı. Portu --port ilə yazın.
simulate-no-address = { $station } məntəqəsi üçün daxili ünvan çatmır. Daha az məntəqə simulyasiya edin.
simulate-poll = Simulyator bağlantıları gözləyə bilmir: { $reason }.
simulate-dumb = { $station } məntəqəsi ilk sorğuya cavab vermir: { $reason }. Ola bilsin, kompüter həddən artıq yüklənib; təkrar cəhd edin və ya daha az məntəqə simulyasiya edin.
simulate-thread = Axın (thread) başlatmaq mümkün olmadı: { $reason }.
simulate-ready = { $count } məntəqə { $port } portunda cavab verir: { $first } – { $last }.
simulate-listed = Siyahı { $path } faylındadır.
simulate-script-taken = Nasazlıq ssenarisi { $count } məntəqəyə aiddir.
simulate-script-kept = Əvvəlki ssenari qüvvədə qalır.
simulate-summary = Başlanan seanslar: { $plays }. Bağlantılar: { $opens }, ən sıx saniyədə { $worst }. Göndərilən kadrlar: { $frames }, yavaş qəbul edənlər üçün buraxılan: { $dropped }, bu kompüter gecikdiyi üçün: { $late }.
simulate-failed = Kameralar işləmədi; bu, proqramın xətasıdır.
simulate-files = { $stations } məntəqə üçün açıq fayl həddi azdır: { $needed } lazımdır, sistem { $limit } icazə verir. Sərt həddi artırın (bu pəncərədə: sudo prlimit --pid $$ --nofile={ $needed }:{ $needed }; həmişəlik: /etc/security/limits.conf; xidmət üçün: LimitNOFILE={ $needed }) və ya daha az məntəqə simulyasiya edin.
simulate-login-io = { $path } faylındakı istifadəçi adlarını oxumaq mümkün olmadı: { $reason }.
simulate-login-wrong = { $path }, sətir { $line }: hər sətirdə bir istifadəçi belə yazılmalıdır: ad:parol, hər ikisi ən çoxu 200 simvol.
simulate-login-none = { $path } faylında istifadəçi yoxdur; ayrıca sətirdə belə yazın: ad:parol

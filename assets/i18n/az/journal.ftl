# Hadisələr jurnalı (azərbaycan dili)

usage-expect-station = dairə və məntəqə, məsələn 57/12
usage-expect-since = vaxt, məsələn 11:30, 2024-02-07, 2024-02-07 11:30 və ya 2024-02-07T11:30:00+04:00
usage-expect-last = müddət, məsələn 30s, 10m, 3h və ya 2d
usage-expect-kind = bunlardan biri: { $kinds }; və ya bir neçəsinin əvvəli, məsələn alarm

journal-none = { $path } hadisələr jurnalı hələ yoxdur. Divar bu məlumat qovluğu ilə işə salınanda onu özü yaradır.
journal-newer = { $path } hadisələr jurnalını Pollwall-ın daha yeni versiyası yazıb. Həmin versiyadan istifadə edin.
journal-damaged = { $path } zədələnib və ya hadisələr jurnalı deyil. Divar belə faylı kənara qoyub yenisini başlayır; zədələnmişi saxlayın.
journal-unusable = { $path } hadisələr jurnalından istifadə etmək olmur: { $reason }.
journal-no-thread = Hadisələr jurnalını başlamaq mümkün olmadı: { $reason }.

journal-no-rows = Jurnalda belə hadisə yoxdur.
journal-sound = { $rows } sətir var, hər biri əvvəlkinə uyğundur.
journal-span = Birincisi { $first }, sonuncusu { $last }.
journal-head = Son sətrin heşi: { $hash }
journal-misfit = { $row } nömrəli sətir ({ $at }) uyğun gəlmir: { $why }.
journal-wrong-number = burada { $expected } nömrəli sətir olmalıdır; sətir çıxarılıb və ya əlavə edilib
journal-wrong-link = əvvəlki sətrin davamı deyil; ikisindən biri dəyişdirilib
journal-wrong-content = məzmunu yazıldığı kimi deyil; sonradan dəyişdirilib

journal-column-row = sətir
journal-column-utc = UTC
journal-column-local = yerli vaxt
journal-column-station = məntəqə
journal-column-feed = axın
journal-column-kind = növ
journal-column-what = nə baş verib
journal-column-run = işə salınma
journal-column-mono = işə salınandan bəri, mikrosaniyə
journal-column-body = təfərrüat

journal-started = Pollwall { $version } { $command } işə salındı: kompüter { $host }, proses { $pid }
journal-stopped = Pollwall qaydasında bağlandı
journal-note = qeyd: { $note } ({ $stage }{ $state })
journal-snapshot = şəkil { $file } ({ $state })
journal-import = siyahının { $version } nömrəli variantı qəbul edildi: { $at }, fayl { $source }
journal-restored = siyahının { $version } nömrəli variantı qəbul edildi: { $at }, yenidən { $of } nömrəli variant
journal-import-counts = məntəqə { $stations }, yeni { $added }, çıxarılmış { $removed }, dəyişmiş { $changed }
journal-import-unseen = ; bundan əvvəlki { $count } variant divar işləmədiyi vaxt silinib
journal-configuration = { $what } indi belədir: { $now }
journal-alarm-raised = həyəcan { $alarm }: { $what }
journal-alarm-worsened = həyəcan { $alarm } pisləşdi: { $what }
journal-alarm-ended = həyəcan { $alarm }: nasazlıq { $span } sonra aradan qalxdı
journal-alarm-acknowledged = həyəcan { $alarm } qəbul edildi: { $who }{ $note }
journal-alarm-escalated = həyəcan { $alarm } { $span } ərzində cavabsız qalıb
journal-alarms-grouped = həyəcan { $alarm }: { $of } məntəqədən { $count } birlikdə itdi, { $which }: { $stations }
journal-alarms-ungrouped = həyəcan { $alarm } artıq qrup deyil; indi ayrıca: { $stations }
journal-alarms-returned = həyəcan { $alarm } artıq qrup deyil
journal-alarm-closed = həyəcan { $alarm } siyahıdan çıxıb
journal-own-late = hesablama vaxtı çatmır
journal-own-network = şəbəkəsi
journal-own-disk = diski
journal-guard-began = bu kompüterdə nasazlıq var: { $why }; kameralar üzrə həyəcan hələlik verilmir
journal-guard-ended = bu kompüter { $span } sonra yenidən qaydasındadır: { $why }
journal-maintenance-began = texniki iş, bildirən: { $who }{ $reason }
journal-maintenance-until = texniki iş { $until } vaxtınadək, bildirən: { $who }{ $reason }
journal-maintenance-ended = texniki iş bitdi
journal-maintenance-ended-by = texniki iş bitdi, bildirən: { $who }
journal-lost = { $first } – { $last } arasında { $count } hadisəyə yer çatmadı, onlar YOXDUR
journal-notes-taken-over = əvvəlki versiyanın qeydləri köçürüldü: { $count } (oxunmayan sətirlər: { $unreadable }); faylın indiki adı { $file }
journal-writing-failed = jurnalı yazmaq mümkün olmadı ({ $reason }); hadisələr yaddaşda gözlədi
journal-writing-resumed = jurnal { $span } sonra yenidən yazılır
journal-began-anew = əvvəlki jurnal zədələnmişdi; indiki adı { $damaged }
journal-chain-broken = bu işə salınmanın əvvəlində { $row } nömrəli sətir əvvəlkilərə uyğun gəlmirdi
journal-file-gone = əvvəlki jurnal yazıldığı vaxt yoxa çıxdı, sətirləri ilə birlikdə

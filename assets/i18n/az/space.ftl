# Yazılar üçün yer: hədlər, saxlama müddəti, qoruma və karantin, Azərbaycan dili

record-not-tables = hər yazı qovluğuna öz cədvəlini verin, ikiqat kvadrat mötərizədə: [[volume]]
record-no-folder = hansı yazı qovluğu olduğunu göstərin: folder = "/srv/video-a"
record-not-size = “{ $found }” həcm deyil; ədədi və vahidini (MB, GB, TB, MiB, GiB, TiB) belə yazın: "500 GB"
record-too-small = “{ $found }” yazı qovluğu üçün azdır; ən azı "100 MB" yazın
record-not-within = { $least } ilə { $most } arasında tam ədəd yazın, dırnaqsız

space-enough = Yazılar üçün kifayət qədər yer var.
space-low = İndiki sürətlə yazılar üçün daha { $hours } saatlıq yer qalıb. Yazı qovluğu əlavə edin və ya yer boşaldın.
space-short = YAZILAR ÜÇÜN CƏMİ { $hours } SAATLIQ YER QALIB. Dərhal yazı qovluğu əlavə edin və ya yer boşaldın.
space-full = HEÇ NƏ YAZILMIR: bütün yazı qovluqları dolub. Dərhal yer boşaldın.

journal-footage-deleted = { $day } günündə keçirilmiş məşqin yazıları { $days } günlük qayda ilə silindi, { $number } nömrəli silmə: { $segments } seqment, { $bytes } bayt, məntəqələr: { $stations }
journal-footage-locked = yazılar qorunur, { $number } nömrəli qoruma: { $station }, { $from } – { $to }, { $who }{ $reason }
journal-footage-unlocked = yazıların { $lock } nömrəli qorunması götürüldü, { $who }{ $reason }
journal-footage-quarantined = oxunmayan yazı karantinə qoyuldu: { $file }: { $why }
footage-every-station = bütün məntəqələr

lock-io = Yazıların qorunma siyahısından ({ $path }) istifadə etmək mümkün deyil: { $reason }. Bu müddətdə heç nə silinmir.
lock-damaged = { $path }, { $line }-ci sətir: bu, yazıların qorunması deyil. Sətir düzəldilməyincə heç nə silinmir; nəyin qorunduğunu jurnal göstərir.
lock-none = { $number } nömrəli qoruma yoxdur və ya artıq götürülüb. Siyahı: “pollwall footage locks”.
lock-shortened = { $path } faylında jurnaldakından az qoruma var; jurnal { $number } nömrəsini tanıyır. Fayl bütöv olmayınca heç nə silinmir.
space-not-kept = Jurnala yazmaq mümkün deyil ({ $reason }); bu müddətdə heç nə silinmir.
space-clock = Bu kompüterin saatı sinxronlaşdırılmayıb; bu müddətdə heç nə silinmir.

lock-made = { $number } nömrəli qoruma qüvvədədir: heç bir qayda bu yazıları silmir.
lock-gone = { $number } nömrəli qoruma götürüldü.
lock-order = Son başlanğıcdan gec olmalıdır: { $from } – { $to }. Günü və vaxtı belə yazın: "2024-02-07 11:30".
lock-line = { $number }  { $station }  { $from } – { $to }: { $segments } seqment, { $bytes } bayt; { $who }, { $at }: { $reason }
lock-election-day = səsvermə günü { $name }
lock-no-locks = Qorunan yazı yoxdur.

footage-deleted = Silmə { $number }, { $at }: { $day } günündə keçirilmiş məşqin { $segments } seqmenti qayda üzrə silinib, { $bytes } bayt.
footage-not-borne-out = JURNAL BUNU TƏSDİQ ETMİR: orada belə silmə yoxdur və ya başqa seqmentlər silinib.
footage-no-journal = Burada müqayisə etmək üçün jurnal yoxdur.
footage-quarantined = oxunmadığı üçün karantinə qoyulub: { $reason }
usage-lacks = “footage { $command }” üçün { $option } göstərilməlidir.

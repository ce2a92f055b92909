# Kameranın yoxlanması: əl ilə açılan axınlar və kameranın nə verdiyi (Azərbaycan dili)

usage-no-address = Nəyin yoxlanılacağını göstərin: pollwall probe rtsp://HOST/YOL, ya da standart girişdən oxunan ünvan üçün “-”.
usage-secret-typed = { $number } nömrəli ünvanda istifadəçi adı, parol və ya açar var. Əmr sətrini bu kompüterdə hər kəs oxuya bilər, komanda mühiti də onu yadda saxlayır. Ünvanı standart girişdən verin: yerində “-” yazın, ünvanı isə ayrıca sətirdə ötürün; sonra onu komanda tarixçəsindən silin.
usage-bad-address = { $number } nömrəli ünvanı (“{ $found }”) açmaq olmur. Gözlənilir: { $expected }.
usage-expect-seconds = 1 ilə 3600 arasında tam saniyə sayı

open-district = Əl ilə açılıb
open-ask = Hər sətirdə bir ünvan yazın, sonra Ctrl-D. Yazdıqlarınız bu ekranda görünür.
open-nothing = Standart girişdə ünvan yoxdur. Hər sətirdə bir ünvan verin, məsələn rtsp://HOST/YOL.
open-no-input = Standart girişi oxumaq olmur: { $reason }.
open-too-much = Standart girişdə { $mib } MiB-dən çox məlumat var. Hər sətirdə bir ünvan verin.
open-bad-line = Standart girişin { $number } nömrəli sətrindəki ünvanı (“{ $found }”) açmaq olmur. Gözlənilir: { $expected }.
open-kept = Saxladıqlarınız buradadır: { $path }

probe-one = Bir ünvan verin: pollwall probe hər dəfə bir axını yoxlayır.
probe-listening = On iki saniyəyədək dinlənilir …
probe-no-start = Qəbul başlaya bilmir: { $reason }.
probe-delivers = görüntü verir
probe-interrupted = hər hansı nəticə alınmamış dayandırıldı

probe-transport = ötürülmə
probe-times = vaxt
probe-time-playing = { $span }: qoşulub
probe-time-unit = { $span }: ilk məlumat
probe-time-picture = { $span }: ilk görüntü
probe-picture = görüntü
probe-level = səviyyə { $level }
probe-aspect = piksel { $aspect }
probe-bits = { $bits } bit
probe-interlaced = sətiraşırı
probe-pace = tezlik
probe-rate = { $rate } kadr/san
probe-declared = elan edilən: { $rate }
probe-not-declared = elan edilməyib
probe-not-known = məlum deyil
probe-regularity = fasilələr
probe-gaps = 95 %-i ən çox { $usual }, ən uzunu { $longest }
probe-keyframes = açar kadrlar
probe-no-keyframes = görünməyib
probe-group = { $count ->
    [one] hər kadr ({ $span })
   *[other] hər { $count } kadrdan bir ({ $span })
}
probe-group-more = { $count ->
    [one] ən azı { $count } kadrdan bir ({ $span })
   *[other] ən azı { $count } kadrdan bir ({ $span })
}
probe-b-frames = B-kadrlar var
probe-no-b-frames = B-kadrlar yoxdur
probe-bit-rate = bit axını
probe-largest = ən böyük açar kadr { $size }
probe-measured = ölçülüb
probe-count = { $count ->
    [one] { $span } ərzində { $count } kadr
   *[other] { $span } ərzində { $count } kadr
}
probe-sound = səs
probe-no-sound = yoxdur
probe-sound-of = { $codec }, { $rate } Hs
probe-channels = { $count ->
    [one] { $count } kanal
   *[other] { $count } kanal
}
probe-clock = saat
probe-clock-not-told = bildirilmir
probe-clock-same = bu kompüterin saatı ilə eynidir
probe-clock-ahead = bu kompüterdən { $span } irəli
probe-clock-behind = bu kompüterdən { $span } geri (yolda keçən vaxt daxil olmaqla)
probe-ms = { $number } ms
probe-kbit = { $number } kbit/san
probe-mbit = { $number } Mbit/san
probe-kib = { $number } KiB
probe-mib = { $number } MiB

probe-auth-rejected = kamera girişi rədd edir
probe-forbidden = kamera girişi qadağan edir (xəta 403)

probe-do-name-not-found = Host adının yazılışını və bu kompüterin ad serverini yoxlayın və ya kameranın IP ünvanından istifadə edin.
probe-do-refused = Portu (RTSP üçün adətən 554) və kamerada yayımın açıq olduğunu yoxlayın; şəbəkə ekranı da rədd edə bilər.
probe-do-unreachable = Bu kompüterin kabelini, şəbəkəsini və VPN-ni, kameranın ünvanının buradan əlçatan şəbəkədə olduğunu yoxlayın.
probe-do-connect-timed-out = Kameranın elektrik və şəbəkəyə qoşulduğunu, ünvanın düzgünlüyünü, şəbəkə ekranının bağlantını udmadığını yoxlayın; kameranın öz şəbəkəsindən cəhd edin.
probe-do-no-first-frame = Kamera yayıma razılaşır, amma heç nə göndərmir: öz veb-səhifəsində görüntünün olduğuna baxın, onu yenidən başladın, digər axınını sınayın.
probe-do-frames-stopped = Kamera ilə bura arasındakı xətti və başqa baxanların onu tutub-tutmadığını yoxlayın; təkrarlanarsa, kameranı yenidən başladın.
probe-do-closed = Kameraya çox adam baxa və ya o, yenidən başlaya bilər: başqa seansları bağlayın və bir dəqiqədən sonra yenidən cəhd edin.
probe-do-srt-rejected = Parol ifadəsini (10–79 işarə), hostu və portu yoxlayın; göndərən tərəf dinləyici (listener) kimi işləməlidir, şəbəkə ekranı UDP-ni buraxmalıdır.
probe-do-not-found = Ünvandakı yolu, böyük-kiçik hərfləri də yoxlayın; o, kameranın təlimatında və ya veb-səhifəsində göstərilir.
probe-do-no-login = İstifadəçi adı və parolu ünvanla birlikdə standart girişdən verin: pollwall probe -
probe-do-wrong-login = İstifadəçi adını və parolu yoxlayın. Tez-tez cəhd etməyin: bir neçə uğursuz cəhddən sonra kameralar hamını yarım saatlıq kilidləyir.
probe-do-forbidden = Kameranın parametrlərində bu istifadəçiyə canlı görüntüyə baxmaq icazəsi verin; başqa seansları bağlayın; səhv paroldan sonra yarım saat gözləyin.
probe-do-own-limit = Başqa proqramları bağlayın və ya açıq faylların həddini artırın: komanda mühitində “ulimit -n”, xidmətdə LimitNOFILE.
probe-do-host-busy = Bir dəqiqədən sonra yenidən cəhd edin.
probe-do-status = Kameranın öz jurnalına baxın. 500-dən yuxarı xətalar adətən baxanların çoxluğunu və ya axının söndürüldüyünü, digərləri isə kameranın qəbul etmədiyi ünvanı bildirir.
probe-do-unsupported-codec = Kameranın video parametrlərində axını H.264 və ya H.265 edin.
probe-do-too-large = Kameranın video parametrlərində daha kiçik görüntü seçin.
probe-do-undecodable = Axını adi H.264 edin (Main və ya High profili), istehsalçının əlavələrini (“H.264+”, “Smart Codec”) söndürün və kameranı yenidən başladın.
probe-do-no-keyframe = Kameranın video parametrlərində açar kadrların arasını (I-frame interval, GOP) iki saniyə edin.
probe-do-protocol = Portun veb-səhifənin deyil, axının portu olduğunu yoxlayın; kameranın proqramını yeniləyin; onu yenidən başladın.
probe-do-foreign-host = Axının yönləndirdiyi ünvanı yoxlayın; divar ora yalnız həmin server siyahıda olanda keçir.
probe-do-internal = Bu, Pollwall-ın öz xətasıdır. Xahiş edirik, --json nəticəsi ilə birlikdə bildirin.

remark-long-gop = Açar kadrların arası { $span }. Hər itkidən sonra və axın açılanda bu qədər görüntü olmaya bilər; yalnız açar kadrları göstərən yüklənmiş kompüterdə görüntü elə bu qədər seyrək dəyişir. Açar kadrların arasını iki saniyə edin.
remark-gop-unseen = { $span } ərzində yalnız bir açar kadr gəldi. Daha uzun ölçün (--seconds 60) və açar kadrların arasını iki saniyə edin.
remark-gop-not-kept = Bir açar kadrdan o birinədək kadrlar { $size } tutur, saxlanılan isə { $kept }: səhifə dəyişəndən sonra { $span } ərzində heç nə görünməyə bilər. Açar kadrların arasını qısaldın və ya bit axınını azaldın.
remark-heavy = { $bits }: belə 1000 məntəqə { $all } Gbit/san edərdi. 1000 məntəqəlik divar üçün { $good } tövsiyə olunur.
remark-use-sub = { $rows } sətir pəncərədə göründüyündən çoxdur. Kameranın ikinci, daha kiçik axını varsa ({ $good }), onu siyahıda “sub” kimi göstərin: onda həmişə o qəbul edilər, bu isə yalnız məntəqə böyüdüləndə.
remark-open-gop = Kadr qrupları açıqdır: itkidən sonra ilk açar kadrın yanındakı kadrlar buraxılır. Kamera imkan verirsə, qapalı qruplar seçin.
remark-b-frames = Kadrlar göstərildiyi sıra ilə gəlmir (B-kadrlar), bu da hamısını bir neçə kadr gecikdirir. Canlı baxış üçün B-kadrları söndürün.
remark-irregular = { $span } ərzində heç nə gəlmədi; divar bunu “axın dayanıb” adlandırır. Kamera ilə bura arasındakı xəttə baxın.
remark-clock-off = Kameranın saatı { $span } fərqlidir. Görüntüsündəki vaxt sübut deyil: vaxt serverini (NTP) təyin edin.
remark-clock-unset = Kameranın saatı heç vaxt qurulmayıb. Görüntüsündəki vaxt sübut deyil: vaxt serverini (NTP) təyin edin.
remark-low-rate = Saniyədə { $rate } kadr: hərəkət ayrı-ayrı şəkillər kimi görünür. Ən azı 10 tövsiyə olunur.
remark-rate-differs = Kamera saniyədə { $declared } kadr elan edir, { $measured } göndərir. Onun parametrlərinə və xəttə baxın.
remark-interlaced = Kadrlar sətiraşırıdır: hərəkət edən kənarlar daraq kimi görünür. Kameranı ardıcıl (progressive) rejimə keçirin.
remark-converted = Göstərmək üçün nümunələri çevirmək lazımdır, bu da prosessor vaxtı aparır. 8 bit və 4:2:0 seçin.
remark-losses = { $count ->
    [one] Yolda { $count } dəfə itki oldu; görüntü növbəti açar kadradək dayanır. Kamera ilə bura arasındakı xəttə baxın.
   *[other] Yolda { $count } dəfə itki oldu; hər dəfə görüntü növbəti açar kadradək dayanır. Kamera ilə bura arasındakı xəttə baxın.
}
remark-time-jumps = { $count ->
    [one] Vaxt nişanları { $count } dəfə sıçradı. Divara təsir etmir; yazılışlar orada kəsilir.
   *[other] Vaxt nişanları { $count } dəfə sıçradı. Divara təsir etmir; yazılışlar orada kəsilir.
}
remark-late-start = İlk görüntü { $span } çəkdi. Hər itkidən sonra bu qədər gözlənilir.
remark-no-login = Kamera görüntüsünü soruşan hər kəsə verir. İstifadəçi adı və parol təyin edin.
remark-missed = Bu kompüter çox yüklü idi: { $count } hadisə ölçülmədi. Rəqəmlər dəqiq deyil.
remark-good = { $size }, { $rate } kadr/san və { $bits }

probe-file-not-found = belə fayl yoxdur
probe-file-unreadable = faylı oxumağa icazə yoxdur
probe-file-no-film = bu, video faylı deyil
probe-do-file-not-found = Yolu, böyük-kiçik hərfləri də yoxlayın. Faylın ünvanında boşluq %20, # %23, ? %3F, % isə %25 yazılır.
probe-do-file-unreadable = Bu istifadəçiyə faylı oxumaq və onun qovluğuna girmək icazəsi verin.
probe-do-file-no-film = Qovluq yox, fayl göstərin: H.264, H.265, AV1 və ya JPEG kadrlı MP4, Matroska, MPEG-TS, FLV və ya AVI.

# Məntəqə siyahısı: idxal, fərqlər, variantlar, parollar, dərc (azərbaycan dili)

count-districts = { $count } dairə
list-size = { $districts }, { $stations }

problem-row = sətir
problem-column = sütun
problem-found = tapılıb
problem-expected = gözlənilir

expect-utf8 = UTF-8 mətni; Excel-də: Fərqli saxla → CSV UTF-8
expect-file-size = ən çoxu { $mib } MiB həcmində fayl
expect-stations = başlıq və onun altında ən azı bir məntəqə
expect-closing-quote = bu xananı bağlayan dırnaq işarəsi (")
expect-after-quote = bağlayan dırnaqdan sonra ayırıcı və ya sətrin sonu; xananın içindəki dırnaq iki dəfə yazılır
expect-known-column = bu sütunlardan biri: { $names }
expect-required-column = “{ $name }” sütunu
expect-column-once = hər sütun bir dəfə; “{ $other }” sütunu eyni mənadadır
expect-cells = başlıqdakı kimi, { $count } xanadan çox olmamalıdır
expect-filled = bu xana doldurulmalıdır
expect-number = 1 ilə { $max } arasında tam ədəd
expect-new-station = dairədə hər məntəqə bir dəfə; bu məntəqə artıq var, sətir { $row }
expect-new-url = hər URL yalnız bir məntəqədə; bu URL artıq { $station } məntəqəsindədir, sətir { $row }
expect-same-district-name = dairənin bir adı; sətir { $row }: “{ $name }”
expect-degrees = -{ $max } ilə { $max } arasında ədəd, dərəcə ilə
expect-both-coordinates = koordinatların ya hər ikisi, ya da heç biri
expect-visible = idarəedici və görünməyən simvolsuz mətn
expect-length = ən çoxu { $max } simvol
expect-no-url = URL yox, mətn; bəlkə sütunlar sürüşüb
expect-rtsp = rtsp://, http://, https://, rtmp://, rtmps://, srt://, udp:// və ya file:// ilə başlayan URL
expect-not-yet = başqa növ URL; bu növ hələ qəbul edilmir
expect-no-tls = rtsp:// URL-i; TLS üzərindən RTSP dəstəklənmir: kameranı qorunan şəbəkədə (VPN) adi RTSP-yə keçirin
expect-escaped = parolun harada bitdiyi aydın olan URL: parolda @ / ? # % belə yazılır: %40 %2F %3F %23 %25
expect-escaped-whole = istifadəçi adı və parol ya bütövlükdə kodlanmalı, ya da heç kodlanmamalıdır; parolun özündəki % işarəsi %25 yazılır
expect-escaped-path = faylın ünvanı; # %23, ? %3F, % isə %25 yazılır
expect-host = düzgün kompüter adı və ya ünvanı
expect-port = 1 ilə 65535 arasında port
expect-whole-url = URL-in tamı; “…” parolun çıxarıldığı yerdir
expect-url = düzgün URL

import-fine = Siyahıda xəta yoxdur: { $list }.
import-problems = { $count } xəta. Heç nə dəyişdirilmədi.
import-no-terminal = Soruşmaq üçün terminal yoxdur. Yalnız yoxlamaq üçün --check, soruşmadan qəbul etmək üçün --accept yazın.
import-unreadable = { $path } faylını oxumaq mümkün olmadı: { $reason }.
import-same = Siyahı hazırkı variantla eynidir (variant { $version }). Heç nə dəyişdirilmədi.
import-question = Bu siyahı qəbul edilsin? [hə/yox]
import-declined = Siyahı qəbul edilmədi. Heç nə dəyişdirilmədi.
import-accepted = Siyahı qəbul edildi: variant { $version }.
import-secrets = { $count } axının istifadəçi adı və parolu URL-lərdən çıxarılıb { $kept } faylında saxlanılır. Onlar hələ də { $file } faylındadır: həmin faylı silin və ya etibarlı yerdə saxlayın.

diff-renumbered = → { $from } indi { $to } oldu
diff-moved = ~ { $station }: { $columns }
diff-url = ~ { $station } { $kind }: URL dəyişib
diff-login = ~ { $station } { $kind }: istifadəçi adı və ya parol dəyişib
diff-summary = Əlavə olunub: { $added }, çıxarılıb: { $removed }, nömrəsi dəyişib: { $renumbered }, yeri və ya adı dəyişib: { $moved }, URL-i və ya parolu dəyişən axınlar: { $urls }.

list-none = Hələ məntəqə siyahısı yoxdur. Siyahını idxal edin: pollwall import LIST.csv
list-restored = { $old } nömrəli variant yenidən qüvvədədir; indi onun nömrəsi { $new }.
list-district = dairə
list-main = əsas axın
list-sub = əlavə axın

history-version = variant
history-accepted = qəbul edilib
history-stations = məntəqələr
history-districts = dairələr
history-file = fayl
history-note = qeyd
history-current = hazırkı
history-restored = { $version } nömrəli variantla eynidir

export-title = Veb-kamera quraşdırılmış seçki məntəqələrinin siyahısı
export-district = { $number } saylı seçki dairəsi
export-station = məntəqə
export-name = adı
export-address = ünvanı

# dərc olunan CSV-nin sütun başlıqları: idxal onları tanımalıdır
csv-district = dairənin nömrəsi
csv-district-name = dairənin adı
csv-station = məntəqənin nömrəsi
csv-name = məntəqənin adı
csv-address = ünvanı

store-io = { $path }: { $reason }.
store-damaged = { $path } faylı zədələnib (sətir { $line }). Onu başqa yerə köçürüb siyahını yenidən idxal edin və ya pollwall list --restore ilə əvvəlki variantı qaytarın.
store-no-version = { $version } nömrəli variant yoxdur. Saxlanılanları pollwall list --history göstərir.
store-overtaken = Bu müddətdə başqa siyahı qəbul edilib. Heç nə dəyişdirilmədi; yeni fərqi görmək üçün idxalı təkrar edin.

vault-loose = Kameraların parolları olan { $path } faylını başqaları oxuya bilər (icazə { $mode }). Pollwall bu halda işə düşmür. Faylı bu əmrlə bağlayın: { $mend }
vault-io = { $path } faylındakı parolları oxumaq və ya yazmaq mümkün olmadı: { $reason }.
vault-damaged = Kameraların parolları olan { $path } faylı zədələnib (sətir { $line }). Onu başqa yerə köçürüb siyahını yenidən idxal edin.
vault-missing = Siyahının { $version } nömrəli variantının parolları yoxdur. Siyahını tam URL-lərlə yenidən idxal edin.

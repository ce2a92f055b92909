# Əmr sətri, məlumat qovluğu, səsvermə günü (azərbaycan dili)

help =
    Pollwall seçki məntəqələrinin veb-kameralarını videodivarda göstərir.

    pollwall [wall]              divarı göstər
      --district 23              bu dairədən başla
      --size 1920x1080           pəncərənin və ya şəklin ölçüsü, piksellə
      --screenshot OUT.png       pəncərə açma, divarın şəklini yaz
      --after 10s                … divar bu qədər işləyəndən sonra (ms, s, m)
      --print-states text|json   vəziyyətin hər dəyişməsini də sətir-sətir çap et
      --metrics 9464             Prometheus üçün göstəriciləri bu portda ver

    pollwall watch               bütün məntəqələri pəncərəsiz qəbul et, vəziyyəti bildir
      --print-states text|json   vəziyyətin hər dəyişməsini sətir-sətir çap et
      --json                     --print-states json ilə eynidir
      --metrics 127.0.0.1:9464   Prometheus üçün göstəricilərin ünvanı; və ya off
      --metrics-anyone           onları başqa kompüterlər də oxuya bilər
      --once 30s                 bu qədərdən sonra bitir; məntəqədə nasazlıq varsa, çıxış kodu 4

    pollwall record              eynisi, həm də bütün məntəqələri yazır; docs/user/recording.md
      --stations 23/4,57/12      yalnız bunları
    pollwall wall --record       ekranı göstərir və yazır (--stations yuxarıdakı kimi)

    pollwall wall --open URL…    bu axınları siyahısız göstər, kameranı sınamaq üçün;
                                 “-” onları standart girişdən sətir-sətir oxuyur

    pollwall probe URL           kameranın nə verdiyini, vermirsə, səbəbini və çarəsini
                                 de; “-” ünvanı standart girişdən oxuyur
      --json                     JSON şəklində çap et
      --seconds 60               bu qədər ölç (yoxsa cəmi 12 saniyəyədək)

    pollwall import LIST.csv     siyahını yoxla, nəyi dəyişdiyini göstər, soruş
      --check                    yalnız yoxla; xəta varsa, çıxış kodu 1 olur
      --accept                   soruşmadan qəbul et
      --json                     xətaları JSON şəklində çap et

    pollwall list                hazırkı məntəqə siyahısını çap et
      --history                  saxlanılan variantları çap et
      --restore N                N nömrəli variantı yenidən qüvvəyə mindir
      --export DIR               dərc üçün siyahını yaz (CSV və HTML)

    pollwall journal             baş verənləri çap et: vəziyyətlər, həyəcanlar, qeydlər, siyahılar
      --station 57/12            yalnız bu məntəqə üzrə
      --since 11:30              … bu vaxtdan bəri (2024-02-07 11:30 də olar)
      --last 10m                 … son on dəqiqədə (s, m, h, d)
      --kind note                … yalnız bu növdən; “alarm” bütün həyəcanlardır
      --csv, --json              cümlələrin əvəzinə cədvəl və ya proqramlar üçün
      --verify                   heç bir sətrin dəyişdirilmədiyini yoxla; dəyişibsə, çıxış kodu 1
      --file JURNAL              məlumat qovluğundakı jurnalın əvəzinə surəti

    pollwall footage check       bütün yazılar kataloqda deyildiyi kimi yerindədirmi?
      --hash                     onları bütövlükdə oxuyub möhürlə müqayisə edir
      --json                     proqramlar üçün çap edir; qaydasında deyilsə, çıxış kodu 4
    pollwall footage reindex     kataloqu yazılardan yenidən qurur
      --hash                     çatışmayan heşləri öyrənir
    pollwall footage lock        yazıları qoru: heç bir qayda onları silmir
      --from VAXT --to VAXT      … bu vaxta düşənləri (2024-02-07 11:30)
      --station 57/12            … bu məntəqənin; göstərilməsə, hamısının
      --reason MƏTN              səbəbi
    pollwall footage unlock      --lock N --reason MƏTN: qorumanı götür
    pollwall footage locks       qorunanların siyahısı; proqramlar üçün --json

    pollwall heads               imzalanmış möhürləri və ardıcıllığını göstərir
      --json                     ikinci saxlayıcının aldığı şəkildə
      --file JURNAL              jurnalın surətindəki möhürlər

    pollwall verify              yazıları ikinci saxlayıcının möhürləri ilə tutuşdurur
      --footage QOVLUQ           … bu yazı qovluğundakıları; hər qovluq üçün bir dəfə
      --heads FAYL               ikinci saxlayıcıda olan möhürlər
      --fingerprint F            imzalamalı olan açarın izi; göstərilməsə, çıxış kodu 5
      --json                     proqramlar üçün çap edir; qaydasında deyilsə, çıxış kodu 4

    pollwall ledger              günün nəyi yazılıb, qalanı niyə yazılmayıb
      --district 23              yalnız bu seçki dairəsi
      --station 57/12            yalnız bu məntəqə, haqqında bilinənlərin hamısı ilə
      --stage counting           yalnız before-opening, voting, counting və ya protocol
      --day 2024-02-07           səsvermə günündən (yaxud bugündən) başqa gün
      --files QOVLUQ             kataloqsuz, yalnız bu qovluqdakı fayllardan
      --csv, --json              elektron cədvəllər və ya proqramlar üçün

    pollwall replay [QOVLUQ]     yazılara yenidən bax: məlumat qovluğunun və ya QOVLUQ-dakı yazılara
      --at VAXT                  bu andan başla (2024-02-07 11:30)
      --stations 23/4,57/12      bu məntəqələrdən başla
      --day 2024-02-07           bu gün
      --screenshot OUT.png       pəncərə açma, şəkil yaz
      --list                     yalnız nəyin olduğunu de
      --layout mediamtx          yalnız bu düzülüş: pollwall, mediamtx və ya frigate
      --template ADLAR           fayl adlarının şəkli, məsələn {"{"}camera{"}"}/{"{"}YYYY{"}"}{"{"}MM{"}"}{"{"}DD{"}"}_{"{"}hh{"}"}{"{"}mm{"}"}{"{"}ss{"}"}.mp4
      --utc                      … onlardakı vaxt UTC ilədir
      --start 23/4=VAXT          bu məntəqənin (və ya faylın) yazıları bu vaxt başlayır
      --map KAMERA=23/4          kamera hansı məntəqənindir (kiçik axın üçün 23/4:sub)

    pollwall report              günün əhatəsi: səhifə, cədvəllər və JSON
      --district 23              yalnız bu seçki dairəsi
      --stations 23/4,57/12      yalnız bu məntəqələr
      --day 2024-02-07           səsvermə günündən (yaxud bugündən) başqa gün
      --files QOVLUQ             kataloqsuz, yalnız bu qovluqdakı fayllardan
      --out QOVLUQ               bu qovluğa

    pollwall demo                divarı 1000 uydurma kamera ilə göstər (divarın seçimləri ilə)
      --stations 1000            neçə məntəqə

    pollwall simulate            məşq və sınaq üçün kameraları simulyasiya et
      --stations 1000            neçə məntəqə
      --port 8554                onların portu; hər hansı boş port üçün 0
      --list OUT.csv             idxal üçün hazır siyahını yaz
      --script FAULTS.toml       təlimatda təsvir olunan nasazlıqlar
      --quality light            light, full, 720p və ya 1080p
      --codec h264               h264 və ya h265
      --with-sub                 hər birində yüngül əlavə axın da olsun
      --burst                    açar kadrdan başla
      --login FILE               hərəsinə bir istifadəçi, hər sətirdə ad:parol
      --stats FILE               sayğacları yaz, hər sətirdə bir JSON
      --log-opens FILE           bağlantıları və sorğuları yaz, hər sətirdə bir JSON
      --cache DIR                kliplərin qovluğu
      --until-stdin-closes       standart giriş bağlananda bitir

    Hər əmrlə birlikdə:
      --data DIR                 öz məlumat qovluğunuzun əvəzinə başqası
      --lang az|en|ru            dil
      -h, --help                 bu mətn
      -V, --version              proqramın versiyası

    Çıxış kodları: 0 tamamdır, 1 xəta var, 2 əmr sətri səhvdir,
    3 məlumat qovluğu başqa proses tərəfindən tutulub,
    4 watch --once: məntəqədə nasazlıq var.
    probe: 0 görüntü var, 1 yoxdur, 2 əmr sətri və ya ünvan yanlışdır.

usage-hint = Kömək: pollwall --help
usage-unknown-command = “{ $found }” adlı əmr yoxdur. Əmrlər: wall, watch, record, demo, probe, import, list, journal və simulate.
usage-unknown-option = Burada “{ $found }” parametri yoxdur.
usage-too-many = “{ $found }” artıq arqumentdir.
usage-no-value = { $option } üçün qiymət yazın.
usage-needless-value = { $option } qiymət qəbul etmir.
usage-no-file = Hansı faylın idxal ediləcəyini yazın: pollwall import LIST.csv
usage-both = { $first } və { $second } birlikdə işlənə bilməz.
usage-needs = { $option } yalnız { $needed } ilə birlikdə işlənir.
usage-bad-value = { $option } üçün “{ $found }” yaramır. Gözlənilir: { $expected }.
usage-expect-lang = az, en və ya ru
usage-expect-size = piksellə en və hündürlük, məsələn 1920x1080; ən azı 320x200, ən çoxu 16384x16384
usage-expect-after = vaxt, məsələn 10s, 500ms və ya 2m; ən çoxu 24 saat
usage-expect-print = text və ya json
usage-expect-district = seçki dairəsinin nömrəsi
usage-expect-stations = 1 ilə 20000 arasında məntəqə sayı
usage-expect-port = 1 ilə 65535 arasında port, hər hansı boş port üçün 0
usage-expect-quality = light, full, 720p və ya 1080p
usage-expect-codec = h264 və ya h265
usage-expect-version = pollwall list --history əmrinin göstərdiyi variant nömrəsi

app-no-output = Nəticəni yazmaq mümkün olmadı: { $reason }.
app-no-log = { $path } qovluğunda jurnal açmaq mümkün olmadı: { $reason }.
descriptors-too-few = { $feeds } axına { $needed } açıq fayl lazımdır, bu prosesin həddi isə { $limit }: bəzi kameraları açmaq olmayacaq. Başlamazdan əvvəl həddi artırın: əmr sətrində “sudo prlimit --pid $$ --nofile={ $needed }:{ $needed }”, xidmətdə isə LimitNOFILE={ $needed }.

io-not-found = belə fayl və ya qovluq yoxdur
io-denied = icazə yoxdur
io-is-folder = bu, qovluqdur
io-not-folder = bu, qovluq deyil
io-full = diskdə yer qalmayıb
io-read-only = diskə yazmaq olmur

data-no-home = Sistem ev qovluğunu göstərmir. Məlumatın harada olacağını yazın: --data DIR
data-unusable = { $path } məlumat qovluğundan istifadə etmək olmur: { $reason }. Özünüzə icazə verin və ya --data DIR ilə başqa qovluq seçin.
own-held = { $path } məlumat qovluğunu pollwall { $command } tutub: proses { $pid }, kompüter { $host }, { $since } vaxtından. Həmin prosesi bağlayın və ya --data DIR ilə başqa qovluq seçin.
own-held-unknown = { $path } məlumat qovluğunu hələ adını yazmamış başqa proses tutub. Bir azdan yenidən cəhd edin.
own-failed = { $path } kilidini götürmək mümkün olmadı: { $reason }.

day-io = Səsvermə gününün { $path } faylını oxumaq mümkün olmadı: { $reason }.
day-wrong = Səsvermə gününün { $path } faylında səhvlər var. Bu sətirləri düzəldin:
day-line = sətir { $line }: { $what }
day-line-key = sətir { $line }, { $key }: { $what }
day-syntax = bu, TOML deyil ({ $words })
day-not-utf8 = bu, UTF-8 deyil; faylı UTF-8 kimi saxlayın
day-unknown-key = belə yazı yoxdur; onu silin və ya adını düzəldin
day-missing = bu yazı çatışmır; əlavə edin
day-not-text = bunu dırnaq içində mətn kimi yazın
day-not-table = bunu təlimatda göstərildiyi kimi ayrıca bölmə şəklində yazın
day-not-date = “{ $found }” tarix deyil; belə yazın: 2024-02-07
day-not-time = “{ $found }” vaxt deyil; belə yazın: 08:00
day-not-zone = “{ $found }” saat qurşağı deyil; belə yazın: Asia/Baku
day-not-station = “{ $found }” məntəqə deyil; dairəni və nömrəni belə yazın: 57/12
day-again = { $station } məntəqəsinin iki bölməsi var; birini saxlayın
day-no-times = heç bir vaxt yazılmayıb; fərqlənən vaxtları yazın və ya bölməni silin
day-same = { $first } və { $second } eyni vaxtda başlayır; hərəsinə öz vaxtını yazın
day-voting-first = { $second } həmin gün { $first } başlayandan sonra başlamalıdır
day-backwards = { $second } { $first } başlayandan bir gündən çox sonra başlamış olur; vaxtları düzəldin

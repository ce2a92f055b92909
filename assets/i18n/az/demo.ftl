# Nümayiş, onun uydurma kameraları və vəziyyətlərin çapı (Azərbaycan dili)

clips-no-encoder = Uydurma kameraların görüntülərini hazırlamaq mümkün deyil: bu FFmpeg-də { $codec } üçün kodlayıcı yoxdur ({ $names }). Belə kodlayıcısı olan FFmpeg quraşdırın və ya başqa kodek seçin.
clips-failed = Uydurma kameraların görüntülərini hazırlamaq mümkün deyil: { $reason }.

demo-day = Məşq
demo-cameras = { $count } uydurma kamera işə salınır …
demo-no-cameras = Uydurma kameraları işə salmaq mümkün olmadı: { $reason }.
demo-no-cameras-said = Uydurma kameralar işə düşmədi; səbəbi yuxarıda yazılıb.
demo-no-folder = Nümayiş { $path } yolunda yaza bilmir: { $reason }. Orada yer açın və ya müvəqqəti fayllar üçün başqa qovluq göstərin (TMPDIR).
demo-wall = Videodivar açılır; ? düymələri göstərir, pəncərəni bağlayanda nümayiş bitir.
report-summary = { $stations } məntəqədən:

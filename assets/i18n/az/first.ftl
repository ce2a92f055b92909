# İlk açılış və məntəqə siyahısının pəncərədə idxalı (azərbaycan dili)

first-nothing-yet = Hələ məntəqə siyahısı yoxdur. Nədən başlamaq istəyirsiniz?
first-import = Məntəqə siyahısını idxal etmək
first-import-what = Məntəqələrinizin CSV faylı. Qəbul edilməzdən əvvəl yoxlanılır və sətir-sətir göstərilir.
first-demo = Nümayişi açmaq
first-demo-what = Bu kompüterdə min uydurma veb-kamera. Heç nə qurmaq lazım deyil, heç nə saxlanılmır.
first-demo-starting = Nümayiş hazırlanır
first-demo-stop = imtina etmək
first-keys = ←  →  Enter: seçim · L: dil · F: tam ekran

help-import = yeni məntəqə siyahısı qəbul etmək

import-title = Məntəqə siyahısının idxalı
import-drop = və ya faylı bu pəncərəyə atın
import-path = CSV faylının yolu
import-open = açmaq
import-complete = tamamlamaq
import-up = bir qovluq yuxarı
import-folder = qovluq
import-list = siyahı
import-reading = Oxunur …
import-nothing-here = Burada nə qovluq, nə də CSV faylı var
import-rows = { $count } sətir
import-no-rows = Burada göstəriləsi heç nə yoxdur
import-other-file = başqa fayl
import-accept = qəbul etmək
import-taking = qəbul edilir …
import-only-problems = yalnız xətalar
import-only-changes = yalnız dəyişikliklər
import-what-is-wrong = nə səhvdir
import-what-changes = nə dəyişir
import-expected = gözlənilir: { $what }
import-cell-empty = { $column }: boşdur
import-added = yeni: { $count }
import-removed = çıxarılıb: { $count }
import-renumbered = nömrəsi dəyişib: { $count }
import-moved = yeri və ya adı dəyişib: { $count }
import-urls = URL-i və ya parolu dəyişən axınlar: { $count }
import-is-new = yeni
import-is-gone = çıxarılıb: bu faylda yoxdur
import-was = əvvəl { $number } idi
import-differs = fərqlidir: { $columns }
import-url = { $column }: URL dəyişib
import-login = { $column }: istifadəçi adı və ya parol dəyişib
import-cannot-list = { $path } qovluğuna baxmaq mümkün olmadı: { $reason }.
import-secrets-here = { $count } axının istifadəçi adı və parolu siyahıdan ayrı, yalnız sizin oxuya biləcəyiniz yerdə saxlanılacaq. Onlar bu faylda da qalır: sonra onu silin və ya etibarlı yerdə saxlayın.
import-not-begun = Bu kompüter cavab verməyən qovluqlarla həddən artıq məşğuldur; siyahı qəbul edilmədi. Divarı bağlayıb yenidən açın.

first-folder = Yazılış qovluğunu aç
first-folder-what = Bizim və ya başqa yazıcının yazılışlarına yenidən baxın, boşluqları yoxlayın.
first-folder-hint = /media/yazilislar
first-folder-how = Enter: ayrı pəncərədə aç · Esc: geri
first-folder-not = Qovluğu açmaq olmur: { $reason }
first-folder-ended = Qovluq açılmadı. Bəlkə də orada yazılış yoxdur: { $folder }

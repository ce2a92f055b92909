# Yazılış, azərbaycanca

recording-opening = yazılışa hazırlıq gedir
recording-refused = yazılışa başlamaq olmur: { $reason }
recording-status = yazılır: { $all } məntəqədən { $safe }, { $rate }
recording-rate = { $number } MB/san
recording-hours = { $hours } saatlıq yer var
recording-failing = HƏR ŞEY YAZILMIR: { $reason }
guard-recording = Bu kompüterdə nasazlıq var: yazılış
guard-recording-advice = Yazılmalı olan yazılmır. Diskdə yer açın və ya onun qoşulu və yazıla bilən olduğunu yoxlayın
journal-own-recording = yazılış
told-recording = Yazılış başladı. Məntəqələr: { $count }
told-recording-stop = Yazılış davam edir. Dayandırmaq üçün 15 saniyə ərzində Shift R düyməsini bir də basın
told-recording-stopped = Yazılış DAYANDIRILDI. İndidən heç nə yazılmır
told-no-recording-here = Əllə açılmış axınlar yazılmır
told-no-recording = Yazmaq mümkün deyil: { $reason }
tile-not-recorded = yazılmır
top-recording = Yazılır
top-recording-opens = Yazılışa hazırlıq
top-not-recording = YAZILMIR
top-hours = { $hours } saatlıq yer
help-record = bütün məntəqələri yazmaq; iki dəfə: yazılışı dayandırmaq
help-acknowledge-both = həyəcanı qəbul etmək; bitmiş olanların hamısını
recording-no-station = Məntəqə siyahısında yoxdur: { $stations }. Nömrələr düzəlməyincə heç nə yazılmır.

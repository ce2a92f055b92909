# Dayanıqlılıq: jurnalda tanınmayan məntəqə, öz-özünə dayanan uydurma kameralar (Azərbaycan dili)

journal-no-station = { $station } nömrəli məntəqə heç bir siyahıda yoxdur və jurnalda onun haqqında sətir yoxdur. Nömrəni yoxlayın (dairə/məntəqə): hazırkı siyahını “pollwall list” göstərir.
demo-ended-code = çıxış kodu { $code }
demo-ended-signal = { $signal } siqnalı
demo-cameras-ended = Uydurma kameralar öz-özünə dayandı ({ $how }); indən sonra bütün məntəqələrlə əlaqə olmayacaq. Nümayişi yenidən başladın. { $said ->
    [none] Kameralar heç nə bildirmədi.
   *[other] Son sözləri: { $said }
}
simulate-input-ended = Simulyator bitir: standart giriş bağlandı ({ $why }).

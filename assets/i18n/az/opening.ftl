# Yazıların açılması (azərbaycan dili)

opening-expect-layout = bunlardan biri: { $layouts }
opening-expect-start = məntəqə və ya fayl, “=” və gün ilə vaxt: 23/4=2024-02-07T08:00:00+04:00
opening-expect-map = kameranın adı, “=” və məntəqə: front-door=23/4, kiçik axını üçün 23/4:sub
opening-bad-template = “{ $found }” yazının nə vaxt başladığını demir: { $why }. Bu, açılan qovluqdan başlayan yoldur və onda bunlar ola bilər: { $placeholders }; * adın istənilən hissəsi deməkdir.
opening-template-unknown = { $name } yoxdur
opening-template-twice = { $name } iki dəfə yazılıb
opening-template-lacks = { $name } çatışmır
opening-template-brace = mötərizə bağlanmayıb
opening-template-long = çox uzundur
opening-nothing-there = { $path } açıla bilmir: { $reason }.
opening-nothing = Burada baxılası heç nə yoxdur.
opening-station = məntəqə
opening-camera = kamera
opening-feed = axın
opening-files = fayl
opening-from = başlanğıc
opening-to = son
opening-file = fayl
opening-ours = bizim
opening-foreign = yad
opening-made-up = { $count ->
    [one] { $count } məntəqənin nömrəsi uydurulub, çünki kamerasının adında nömrə yoxdur: onu --map ilə bildirin.
   *[other] { $count } məntəqənin nömrəsi uydurulub, çünki kameralarının adında nömrə yoxdur: onları --map ilə bildirin.
}
opening-matched = { $count ->
    [one] { $count } faylın kimə aid olduğu və nə vaxt başladığı məlumdur; ilk sətir:
   *[other] { $count } faylın kimə aid olduğu və nə vaxt başladığı məlumdur; ilk sətirlər:
}
opening-unmatched = { $count ->
    [one] { $count } faylın kimə aid olduğu və ya nə vaxt başladığı məlum deyil; onu --template və ya --start ilə bildirin:
   *[other] { $count } faylın kimə aid olduğu və ya nə vaxt başladığı məlum deyil; bunu --template və ya --start ilə bildirin:
}
opening-unreadable = { $count ->
    [one] { $count } fayl və ya qovluq oxuna bilmir:
   *[other] { $count } fayl və ya qovluq oxuna bilmir:
}
opening-more = … və daha { $count }

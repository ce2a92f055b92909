# Boşluqların uçotu (azərbaycan dili)

journal-recording-off = yazılış dayandırıldı
journal-recording-all = bütün məntəqələr yazılır ({ $feed } axını)
journal-recording-some = bu məntəqələr yazılır ({ $feed } axını): { $stations }
journal-shown = { $from } tarixindən { $wall } divarında, { $size } ölçüsündə göstərilib: { $stations }

# Открытие записей (русский язык)

opening-expect-layout = одно из: { $layouts }
opening-expect-start = участок или файл, «=» и день со временем: 23/4=2024-02-07T08:00:00+04:00
opening-expect-map = имя камеры, «=» и участок: front-door=23/4 или 23/4:sub для её малого потока
opening-bad-template = «{ $found }» не говорит, когда началась запись: { $why }. Это путь от открытой папки, и в нём могут стоять: { $placeholders }; * означает что угодно в имени.
opening-template-unknown = { $name } не существует
opening-template-twice = { $name } стоит дважды
opening-template-lacks = не хватает { $name }
opening-template-brace = скобка не закрыта
opening-template-long = он слишком длинный
opening-nothing-there = { $path } не удаётся открыть: { $reason }.
opening-nothing = Здесь нечего смотреть.
opening-station = участок
opening-camera = камера
opening-feed = поток
opening-files = файлы
opening-from = с
opening-to = до
opening-file = файл
opening-ours = свои
opening-foreign = чужие
opening-made-up = { $count ->
    [one] Номер { $count } участка вымышлен: имя его камеры номера не называет. Укажите его через --map.
    [few] Номера { $count } участков вымышлены: имена их камер номеров не называют. Укажите их через --map.
   *[other] Номера { $count } участков вымышлены: имена их камер номеров не называют. Укажите их через --map.
}
opening-matched = { $count ->
    [one] { $count } файл говорит, чей он и когда начался; первый:
    [few] { $count } файла говорят, чьи они и когда начались; первые:
   *[other] { $count } файлов говорят, чьи они и когда начались; первые:
}
opening-unmatched = { $count ->
    [one] О { $count } файле неизвестно, чей он или когда начался; укажите это через --template или --start:
    [few] О { $count } файлах неизвестно, чьи они или когда начались; укажите это через --template или --start:
   *[other] О { $count } файлах неизвестно, чьи они или когда начались; укажите это через --template или --start:
}
opening-unreadable = { $count ->
    [one] Не читается { $count } файл или папка:
    [few] Не читаются { $count } файла или папки:
   *[other] Не читаются { $count } файлов или папок:
}
opening-more = … и ещё { $count }

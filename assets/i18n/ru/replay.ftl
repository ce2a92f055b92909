# Просмотр записей, русский

replay-title = Просмотр записи · { $day } · { $count ->
    [one] { $count } участок
    [few] { $count } участка
   *[many] { $count } участков
}
replay-stands = ❚❚ стоит
replay-plays = ▶ { $speed }
replay-reverses = ◀ { $speed } назад
replay-keyframes-only = только ключевые кадры
replay-waits = ожидание изображения
replay-opening = открывается
replay-behind = этот компьютер не успевает
replay-no-recording = записи нет
replay-unreadable = запись не читается
replay-ended = дальше ничего не записано
replay-hear-ready = { $number }: изображение этого момента
replay-hear-axis = День, время { $at }
replay-camera-clock = часы камеры { $seconds } с
replay-compare = { $number }: последнее изображение перед пробелом { $from }–{ $to } и первое после него. В рамках — что изменилось
replay-reading = читается журнал записи …
replay-sums = { $share } · { $gaps ->
    [0] пробелов нет
    [one] { $gaps } пробел
    [few] { $gaps } пробела
   *[many] { $gaps } пробелов
}
replay-no-ledger = Учёт записи за день не читается: { $reason }
replay-marked = Отмечено: { $from }–{ $to }
replay-play = Пуск
replay-pause = Пауза
replay-previous-gap = Предыдущий пробел
replay-next-gap = Следующий пробел
replay-previous-frame = Предыдущий кадр
replay-next-frame = Следующий кадр
replay-slower = Медленнее
replay-faster = Быстрее
replay-hints = Space пуск · ← → кадр · [ ] пробел · G сравнить · T время · ? клавиши
replay-go-to = Перейти ко времени этого дня
replay-time-hint = 11:00:03
replay-no-time = Это не время дня: введите, например, 11:00 или 11:00:03.280
replay-note = Заметка об участке { $number }, время { $at }
replay-key-play = пуск, пауза
replay-key-frame = к предыдущему или следующему кадру
replay-key-second = на секунду назад или вперёд
replay-key-minute = на минуту назад или вперёд
replay-key-gap = к предыдущему или следующему пробелу
replay-key-compare = последнее изображение перед пробелом рядом с первым после него
replay-key-speed = быстрее, медленнее
replay-key-reverse = воспроизведение назад
replay-key-time = перейти ко времени
replay-key-zoom = растянуть или сжать шкалу времени
replay-key-select = выбрать участок
replay-key-enlarge = один участок крупно
replay-key-marks = отметить начало и конец отрезка
replay-key-bookmark = закладка на этот момент
replay-kept-snapshot = Снимок сохранён: { $file }
replay-kept-note = Сохранено для { $number }, время { $at }
replay-not-kept = Не сохранено: { $reason }
replay-no-picture = Изображения этого момента, которое можно сохранить, нет
replay-nothing = Здесь ничего не записано: { $place }
replay-none-chosen = Ни один из выбранных участков { $day } не записан: { $stations }
replay-too-many = Одновременно можно просматривать не более { $most } участков; выбрано { $count }. Укажите некоторые через --stations
replay-no-start = Просмотр не начинается: { $reason }

help-replay = запись выбранного участка
told-replay = Запись участка { $number } открывается в отдельном окне
told-no-replay = Запись участка { $number } не открывается: { $reason }
told-replay-ended = Просмотра участка { $number } нет: возможно, он не записан
replay-why-missing = файла больше нет на месте
replay-why-disk = диск его не отдаёт
replay-why-damaged = файл повреждён
replay-why-undecodable = изображение не декодируется

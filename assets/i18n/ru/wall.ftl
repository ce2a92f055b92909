# Видеостена (русский язык)

decimal = { $whole },{ $part }
span-minutes = { $minutes } мин
span-hours = { $hours } ч
span-hours-minutes = { $hours } ч { $minutes } мин
span-seconds = { $seconds } с

state-live = в эфире
state-connecting = подключение
state-not-checked = не проверено
state-maintenance = техработы
state-degraded = качество снижено
state-covered = возможно, закрыт
state-frozen = возможно, застыл
state-black = чёрный кадр
state-stalled = поток остановился
state-offline = нет связи
state-auth-failed = доступ отклонён
state-unsupported = нельзя показать

trouble-name-not-found = имя узла камеры не найдено
trouble-refused = узел камеры отклоняет соединение
trouble-unreachable = нет пути в сеть камеры
trouble-connect-timed-out = камера не отвечает
trouble-no-first-frame = соединение есть, но картинка не приходит
trouble-frames-stopped = кадры перестали приходить
trouble-closed = камера закрыла соединение
trouble-srt-rejected = отправитель SRT не отвечает или парольная фраза неверна
trouble-not-found = на узле нет потока с таким именем
trouble-auth-rejected = имя пользователя или пароль отклонены · R: повторить
trouble-auth-given-up = имя пользователя или пароль отклонены несколько раз: попыток больше нет, чтобы камера не заблокировалась · R: повторить
trouble-forbidden = камера запрещает доступ (ошибка 403): нет прав или временная блокировка · R: повторить
trouble-own-limit = этот компьютер не может открыть больше соединений; увеличьте предел открытых файлов (prlimit --nofile, LimitNOFILE)
trouble-host-busy = ещё открываются другие потоки того же узла
trouble-status = камера отвечает ошибкой { $code }
trouble-unsupported-codec = нет видео, которое можно показать (предложено: { $name })
trouble-too-large = картинка { $size } больше, чем { $most }
trouble-undecodable = кадры камеры не декодируются
trouble-no-keyframe = кадры идут, но среди них нет опорного, с которого можно начать
trouble-protocol = камера нарушает протокол
trouble-foreign-host = поток ведёт на сервер, которого нет в списке: внесите адрес этого сервера в список
trouble-internal = сбой программы на этом потоке; см. журнал

stage-before-opening = до открытия
stage-voting = голосование
stage-counting = подсчёт голосов
stage-protocol = составление протокола
stage-closed = закрыт
stage-another-day = день голосования в day.toml: { $date }
stage-progress = { $elapsed } из { $total }

machine-behind = этот компьютер не успевает
machine-trouble = неполадка этого компьютера
tile-waiting = ожидание целого кадра
tile-last-picture = последний кадр { $time }
tile-rate-age = { $rate } к/с · { $age }

place-district = Округ { $number }
place-district-named = Округ { $number } · { $name }
place-page = страница { $page } из { $pages }
place-districts = Округа { $first }–{ $last }
entry-go-to = перейти: { $number }
notice-no-district = Округа { $number } нет в списке
notice-no-station = Участка { $number } нет в списке
notice-reconnecting = Повторное подключение к участку { $number }
notice-dwell = Обход: { $seconds } с на каждой странице
list-empty = Участков пока нет: pollwall import СПИСОК.csv

key-keys = клавиши
key-full-screen = во весь экран
key-back = назад
key-enlarge = увеличить
key-next-page = следующая страница
key-previous-page = предыдущая страница
key-more-tiles = больше окон на странице
key-fewer-tiles = меньше окон на странице
key-group = несколько округов на странице
key-search = поиск
key-choose = выбрать
key-show = показать
key-tour = обход
key-tour-pause = приостановить обход
key-tour-resume = продолжить обход
key-tour-faster = обход быстрее
key-tour-slower = обход медленнее

tour-word = обход
tour-next-in = далее через { $left }
tour-paused = пауза

search-title = Поиск
search-hint = номер, название, округ или адрес
search-none = В списке ничего не найдено
search-found = найдено: { $count }
search-more = ещё { $count }

help-title = Клавиши
help-go-to-district = перейти к округу 23
help-go-to-station = перейти к участку 57/12
help-select = выбрать участок
help-pages = листать страницы, затем следующий округ
help-enlarge = показать выбранный участок крупно (или двойной щелчок)
help-reconnect = подключиться к выбранному участку заново
help-back = назад
help-tiles = больше или меньше окон на странице
help-search = поиск по номеру, названию или адресу
help-tour = начать, приостановить или продолжить обход
help-tour-pace = обход задерживается на странице меньше или дольше
help-group = несколько небольших округов на странице
help-full-screen = полный экран вкл./выкл.
help-keys = показать или скрыть этот список

hear-district = Округ { $number } { $name }, с неполадками: { $trouble }
hear-station = Участок { $number }, { $state }
hear-hit = Участок { $number }, { $state }, { $name }, { $place }
hear-heading = Округ { $number } { $name } на этой странице

tile-refused = этот кадр нельзя нарисовать; см. журнал
wall-no-start = Видеостена не может запуститься
wall-no-list = Список участков не читается
screenshot-not-written = Снимок { $path } не записывается
no-adapter = Графический адаптер не найден. Установите драйвер Vulkan для вашей видеокарты или программный Vulkan (Debian: apt-get install mesa-vulkan-drivers). Подробности: { $detail }
adapter-unusable = Графический адаптер непригоден. Обновите его драйвер Vulkan или установите программный Vulkan (Debian: apt-get install mesa-vulkan-drivers). Подробности: { $detail }
screen-size-impossible = Картинку { $size } пикселей здесь нарисовать нельзя; каждая сторона может иметь от 1 до { $limit }
no-window = Окно не открывается; причина в журнале. Есть ли дисплей? Без него: pollwall wall --screenshot СНИМОК.png
device-gone = Графический адаптер потерян и не возвращается: { $detail }. Запустите Pollwall снова; если не поможет, перезагрузите компьютер

zoom = { $factor }×
feed-main = основной поток
feed-sub = дополнительный поток
key-zoom = приблизить
key-zoom-fit = весь кадр
key-snapshot = снимок
key-note = заметка
key-keep = сохранить
key-leave = выйти
help-zoom = крупный вид: ближе, дальше, весь кадр (колесо, мышь, стрелки)
help-snapshot = сохранить кадр выбранного участка в файл
help-note = написать заметку о выбранном участке

sound-unknown = звук: пока неизвестно
sound-absent = звука нет
sound-not-measured = звук: у источников этого вида не измеряется
sound-unsupported = звук не измеряется ({ $name })
sound-too-many = звук не берётся: участков без дополнительного потока больше { $most }
sound-left-out = звук не берётся: с ним поток обрывался · R: запросить снова
sound-stopped = поток звука есть, но ничего не приходит
sound-silent = звук: тишина
sound-level = { $mean } dBFS · пик { $peak }

note-title = Заметка об участке { $number }
note-hint = что вы видите; одной строкой
note-how = Enter: сохранить · Esc: выйти, текст запомнится
note-left = осталось знаков: { $count }
hear-note = Заметка { $time }: { $note }

told-snapshot = Снимок участка { $number } сохранён: { $file }
told-snapshot-old = Снимок участка { $number } сохранён: { $file } · не в эфире: кадру { $age }
told-no-picture = Снимка участка { $number } нет: картинка ещё не приходила
told-snapshot-lost = Снимок участка { $number } НЕ сохранён: { $reason }
told-note = Заметка об участке { $number } сохранена
told-note-lost = Заметка об участке { $number } НЕ сохранена: { $reason }. Текст не потерян: N
told-busy = { $number }: диск ещё занят прежней записью; повторите
told-passing = · демонстрация: в конце удаляется

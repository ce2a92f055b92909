# Командная строка, папка данных, день голосования (русский язык)

help =
    Pollwall показывает веб-камеры избирательных участков на видеостене.

    pollwall [wall]              показать видеостену
      --district 23              начать с этого округа
      --size 1920x1080           размер окна или снимка в пикселях
      --screenshot OUT.png       не открывать окно, записать снимок видеостены
      --after 10s                … когда видеостена проработает столько (ms, s, m)
      --print-states text|json   также печатать каждую смену состояния, по строке
      --metrics 9464             отдавать показатели для Prometheus на этом порту

    pollwall watch               принимать все участки без окна и сообщать о состоянии
      --print-states text|json   печатать каждую смену состояния, по строке
      --json                     то же, что --print-states json
      --metrics 127.0.0.1:9464   где отдавать показатели для Prometheus; или off
      --metrics-anyone           их могут читать и другие компьютеры
      --once 30s                 завершить через столько; код выхода 4, если на участке неполадка

    pollwall wall --open URL…    показать эти потоки без списка, чтобы испытать камеру;
                                 «-» читает их со стандартного ввода, по одному в строке

    pollwall probe URL           сказать, что даёт камера, или почему нет и что делать;
                                 «-» читает адрес со стандартного ввода
      --json                     вывести в формате JSON
      --seconds 60               измерять столько (иначе до 12 с всего)

    pollwall import LIST.csv     проверить список, показать изменения, спросить
      --check                    только проверить; при ошибках код выхода 1
      --accept                   принять без вопроса
      --json                     вывести ошибки в формате JSON

    pollwall list                вывести текущий список участков
      --history                  вывести сохранённые версии
      --restore N                снова сделать версию N текущей
      --export DIR               записать список для публикации (CSV и HTML)

    pollwall demo                показать видеостену на 1000 вымышленных камер (с параметрами видеостены)
      --stations 1000            сколько участков

    pollwall simulate            симулировать камеры для учений и тестов
      --stations 1000            сколько участков
      --port 8554                их порт; 0 — любой свободный
      --list OUT.csv             записать их список, готовый к импорту
      --script FAULTS.toml       неисправности, как описано в руководстве
      --quality light            light, full, 720p или 1080p
      --codec h264               h264 или h265
      --with-sub                 у каждого ещё и лёгкий дополнительный поток
      --burst                    начинать с опорного кадра
      --login FILE               каждому своё имя, имя:пароль на строке
      --stats FILE               записывать счётчики, по строке JSON
      --log-opens FILE           записывать соединения и запросы, по строке JSON
      --cache DIR                папка клипов
      --until-stdin-closes       закончить вместе со стандартным вводом

    С любой командой:
      --data DIR                 другая папка данных вместо вашей
      --lang az|en|ru            язык
      -h, --help                 этот текст
      -V, --version              версия программы

    Коды выхода: 0 готово, 1 ошибки или неудача, 2 неверная командная строка,
    3 папка данных занята другим процессом, 4 watch --once: на участке неполадка.
    probe: 0 картинка есть, 1 нет, 2 ошибка в командной строке или адресе.

usage-hint = Справка: pollwall --help
usage-unknown-command = Нет команды «{ $found }». Есть wall, watch, demo, probe, import, list и simulate.
usage-unknown-option = Здесь нет параметра «{ $found }».
usage-too-many = «{ $found }» — лишний аргумент.
usage-no-value = Для { $option } нужно значение.
usage-needless-value = { $option } не принимает значения.
usage-no-file = Укажите файл для импорта: pollwall import LIST.csv
usage-both = { $first } и { $second } нельзя указать вместе.
usage-needs = { $option } указывается только вместе с { $needed }.
usage-bad-value = Для { $option } не подходит «{ $found }». Ожидается: { $expected }.
usage-expect-lang = az, en или ru
usage-expect-size = ширина и высота в пикселях, например 1920x1080; не меньше 320x200 и не больше 16384x16384
usage-expect-after = время, например 10s, 500ms или 2m; не больше 24 часов
usage-expect-print = text или json
usage-expect-district = номер избирательного округа
usage-expect-stations = число участков от 1 до 20000
usage-expect-port = порт от 1 до 65535 или 0 — любой свободный
usage-expect-quality = light, full, 720p или 1080p
usage-expect-codec = h264 или h265
usage-expect-version = номер версии, который показывает pollwall list --history

app-no-output = Не удалось записать вывод: { $reason }.
app-no-log = Не удалось начать журнал в { $path }: { $reason }.
descriptors-too-few =
    { $feeds ->
        [one] Для { $feeds } потока нужно
        [few] Для { $feeds } потоков нужно
       *[many] Для { $feeds } потоков нужно
    } { $needed } открытых файлов, а этому процессу разрешено только { $limit }: часть камер открыть не удастся. Увеличьте предел до запуска: «sudo prlimit --pid $$ --nofile={ $needed }:{ $needed }» в оболочке или LimitNOFILE={ $needed } в службе.

io-not-found = нет такого файла или папки
io-denied = нет прав доступа
io-is-folder = это папка
io-not-folder = это не папка
io-full = на диске нет места
io-read-only = диск доступен только для чтения

data-no-home = Система не указывает домашнюю папку. Укажите, где хранить данные: --data DIR
data-unusable = Папку данных { $path } нельзя использовать: { $reason }. Получите к ней доступ или выберите другую: --data DIR.
own-held = Папку данных { $path } занимает pollwall { $command }: процесс { $pid } на компьютере { $host }, с { $since }. Завершите этот процесс или выберите другую папку: --data DIR.
own-held-unknown = Папку данных { $path } занимает другой процесс, который ещё не назвал себя. Повторите чуть позже.
own-failed = Не удалось получить блокировку { $path }: { $reason }.

day-io = Не удалось прочитать файл дня голосования { $path }: { $reason }.
day-wrong = В файле дня голосования { $path } есть ошибки. Исправьте эти строки:
day-line = строка { $line }: { $what }
day-line-key = строка { $line }, { $key }: { $what }
day-syntax = это не TOML ({ $words })
day-not-utf8 = это не UTF-8; сохраните файл в UTF-8
day-unknown-key = такой записи нет; удалите её или исправьте имя
day-missing = этой записи не хватает; добавьте её
day-not-text = запишите это текстом в кавычках
day-not-table = запишите это отдельным разделом, как показано в руководстве
day-not-date = «{ $found }» — не дата; пишите так: 2024-02-07
day-not-time = «{ $found }» — не время; пишите так: 08:00
day-not-zone = «{ $found }» — не часовой пояс; пишите так: Asia/Baku
day-not-station = «{ $found }» — не участок; пишите округ и номер так: 57/12
day-again = у участка { $station } два раздела; оставьте один
day-no-times = не указано ни одного времени; укажите отличающиеся или удалите раздел
day-same = { $first } и { $second } начинаются одновременно; укажите для каждого своё время
day-voting-first = { $second } должно начинаться после { $first } в тот же день
day-backwards = { $second } начиналось бы больше чем через сутки после { $first }; исправьте время

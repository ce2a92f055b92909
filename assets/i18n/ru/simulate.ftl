# Симулятор камер и его сценарии неисправностей (русский язык)

script-io = Не удалось прочитать сценарий неисправностей { $path }: { $reason }.
script-too-large = Сценарий неисправностей { $path } больше { $mib } МиБ. Сократите его.
script-wrong = В сценарии неисправностей { $path } есть ошибки. Исправьте эти строки:
script-line = строка { $line }: { $what }
script-line-key = строка { $line }, { $key }: { $what }
script-syntax = это не TOML ({ $words })
script-not-utf8 = это не UTF-8; сохраните файл в UTF-8
script-unknown-key = такой записи здесь нет; удалите её или возьмите одну из этих: { $known }
script-missing = этой записи не хватает; добавьте её
script-not-sections = запишите каждую неисправность отдельным разделом [[fault]]
script-too-many = неисправностей { $found }, читается не больше { $most }: называйте несколько участков в одной неисправности
script-not-kind = нет неисправности вида «{ $found }»; есть: { $known }
script-not-stations = «{ $found }» — не список участков; пишите так: ["57/12", "23/*"] или ["*"]
script-no-such-station = «{ $found }» — такого участка в этой симуляции нет; исправьте или симулируйте больше участков
script-no-stations = укажите, каких участков это касается: stations = ["57/12", "57/*"] или share = 0.1
script-not-time = «{ $found }» здесь не подходит; укажите время, например 500ms, 20s, 5m или 1h, не меньше { $least } и не больше { $most }
script-not-number = «{ $found }» здесь не подходит; укажите число не меньше { $least } и не больше { $most }
script-not-rate = «{ $found }» не подходит; укажите целое число кадров в секунду от 1 до 30 или от 0.01 до 0.5
script-not-word = «{ $found }» здесь не подходит; возможны: { $known }
script-not-size = «{ $found }» — не размер; пишите чётные числа, например 704x576, не меньше 160x90 и не больше 1920x1080
script-every-without-for = то, что повторяется, должно и кончаться: добавьте for короче, чем every
script-every-too-short = every должно быть больше, чем for

simulate-clips = Подготовка клипов: { $done } из { $all } …
simulate-no-clip = Для участка { $station } нет клипа. Очистите папку с клипами и повторите.
simulate-no-cache = Система не указывает папку для временных данных. Укажите, где хранить клипы: --cache DIR
simulate-port = Не удалось открыть порт { $port } адреса { $address }: { $reason }. Выберите другой с --port или любой свободный с --port 0.
simulate-no-port = Нет порта, свободного на адресах всех участков. Укажите порт с --port.
simulate-no-address = Для участка { $station } нет внутреннего адреса. Симулируйте меньше участков.
simulate-poll = Симулятор не может ждать соединений: { $reason }.
simulate-dumb = Участок { $station } не отвечает на первый запрос: { $reason }. Возможно, компьютер перегружен; повторите или симулируйте меньше участков.
simulate-thread = Не удалось запустить поток: { $reason }.
simulate-ready = { $count ->
    [one] { $count } участок отвечает
    [few] { $count } участка отвечают
   *[many] { $count } участков отвечают
} на порту { $port }, адреса от { $first } до { $last }.
simulate-listed = Список записан в { $path }.
simulate-script-taken = { $count ->
    [one] Сценарий неисправностей касается { $count } участка.
    [few] Сценарий неисправностей касается { $count } участков.
   *[many] Сценарий неисправностей касается { $count } участков.
}
simulate-script-kept = Прежний сценарий остаётся в силе.
simulate-summary = Начато сеансов: { $plays }. Соединений: { $opens }, в худшую секунду { $worst }. Отправлено кадров: { $frames }, пропущено для медленных получателей: { $dropped }, из-за опоздания этого компьютера: { $late }.
simulate-failed = Камеры отказали; это ошибка программы.
simulate-files = Для { $stations ->
    [one] { $stations } участка
    [few] { $stations } участков
   *[many] { $stations } участков
} можно открыть слишком мало файлов: нужно { $needed }, система разрешает { $limit }. Поднимите жёсткий предел (в этом окне: sudo prlimit --pid $$ --nofile={ $needed }:{ $needed }; навсегда: /etc/security/limits.conf; для службы: LimitNOFILE={ $needed }) или симулируйте меньше участков.
simulate-login-io = Не удалось прочитать имена пользователей из { $path }: { $reason }.
simulate-login-wrong = { $path }, строка { $line }: пишите имя и пароль как имя:пароль, по одному на строке, не длиннее 200 знаков каждое.
simulate-login-none = В { $path } нет ни одного имени; напишите на отдельной строке: имя:пароль

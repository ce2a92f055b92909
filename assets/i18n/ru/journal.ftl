# Журнал событий (русский язык)

usage-expect-station = округ и участок, например 57/12
usage-expect-since = время, например 11:30, 2024-02-07, 2024-02-07 11:30 или 2024-02-07T11:30:00+04:00
usage-expect-last = промежуток, например 30s, 10m, 3h или 2d
usage-expect-kind = одно из: { $kinds }; или начало нескольких, например alarm

journal-none = Журнала событий { $path } ещё нет. Видеостена начнёт его, когда будет запущена с этой папкой данных.
journal-newer = Журнал событий { $path } записан более новой версией Pollwall. Используйте её.
journal-damaged = { $path } повреждён или не является журналом событий. Видеостена отставляет такой файл и начинает новый; сохраните повреждённый.
journal-unusable = Журналом событий { $path } нельзя пользоваться: { $reason }.
journal-no-thread = Не удалось начать журнал событий: { $reason }.

journal-no-rows = Таких событий в журнале нет.
journal-sound = Строк: { $rows }, каждая продолжает предыдущую.
journal-span = Первая { $first }, последняя { $last }.
journal-head = Хеш последней строки: { $hash }
journal-misfit = Строка { $row } от { $at } не сходится: { $why }.
journal-wrong-number = здесь должна стоять строка { $expected }; строку изъяли или вставили
journal-wrong-link = она не продолжает предыдущую; одну из двух подменили
journal-wrong-content = её содержание не то, что было записано; её изменили позже

journal-column-row = строка
journal-column-utc = UTC
journal-column-local = местное время
journal-column-station = участок
journal-column-feed = поток
journal-column-kind = вид
journal-column-what = что произошло
journal-column-run = запуск
journal-column-mono = микросекунды от запуска
journal-column-body = подробности

journal-started = Pollwall { $version } { $command } запущен на { $host }, процесс { $pid }
journal-stopped = Pollwall закрыт обычным образом
journal-note = заметка: { $note } ({ $stage }{ $state })
journal-snapshot = снимок { $file } ({ $state })
journal-import = версия списка { $version } принята { $at } из { $source }
journal-restored = версия списка { $version } принята { $at }: снова версия { $of }
journal-import-counts = участков { $stations }, новых { $added }, убрано { $removed }, изменено { $changed }
journal-import-unseen = ; версий до неё, удалённых, пока видеостена не работала: { $count }
journal-configuration = { $what } теперь { $now }
journal-alarm-raised = тревога { $alarm }: { $what }
journal-alarm-worsened = тревога { $alarm } усилилась: { $what }
journal-alarm-ended = тревога { $alarm }: неполадка прошла через { $span }
journal-alarm-acknowledged = тревогу { $alarm } принял { $who }{ $note }
journal-alarm-escalated = тревога { $alarm } без ответа уже { $span }
journal-alarms-grouped = тревога { $alarm }: потеряно вместе { $count } из { $of }, { $which }: { $stations }
journal-alarms-ungrouped = тревога { $alarm }: больше не общая; теперь отдельно { $stations }
journal-alarms-returned = тревога { $alarm }: больше не общая
journal-alarm-closed = тревога { $alarm } снята со списка
journal-own-late = не хватает процессорного времени
journal-own-network = его сеть
journal-own-disk = его диск
journal-guard-began = неполадка этого компьютера: { $why }; тревоги по камерам пока не поднимаются
journal-guard-ended = этот компьютер снова в порядке через { $span }: { $why }
journal-maintenance-began = технические работы, сообщил { $who }{ $reason }
journal-maintenance-until = технические работы до { $until }, сообщил { $who }{ $reason }
journal-maintenance-ended = технические работы закончены
journal-maintenance-ended-by = технические работы закончены, сообщил { $who }
journal-lost = с { $first } по { $last } не хватило места для { $count } событий, их НЕТ
journal-notes-taken-over = перенесено заметок прежней версии: { $count } (нечитаемых строк: { $unreadable }); файл теперь { $file }
journal-writing-failed = журнал не записывался ({ $reason }); события ждали в памяти
journal-writing-resumed = журнал снова записывается через { $span }
journal-began-anew = прежний журнал был повреждён; теперь он { $damaged }
journal-chain-broken = при этом запуске строка { $row } не продолжала предыдущие
journal-file-gone = прежний журнал исчез, пока его писали, вместе со своими строками

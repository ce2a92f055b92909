# Список внимания, ответы на тревоги, работы на участке, собственные неполадки и страница дня (русский)

attention-title = требуют внимания · { $count }
attention-none = внимания ничто не требует
attention-no-alarm = тревог пока нет; участков с неполадками: { $count }
attention-none-such = таких нет
attention-only = только: { $state }
attention-all = все: Esc
attention-above = ↑ выше { $count }
attention-below = ↓ ниже { $count }
attention-how = Tab: в список · стрелки: выбрать · Enter: показать участок · A: принять

together-district = Округ { $number }
together-host = Узел { $name }
together-network = Сеть { $name }
together-lost = вместе пропали { $count } из { $of }

line-over = прошло: { $what }
detail-since = { $state } с { $since }
detail-over = { $state } с { $since } до { $until }
detail-answered = { $who }: принято в { $time }

answer-title = Принять: { $what }
answer-note = заметка
answer-note-hint = что известно, что делается; можно не заполнять
answer-how = Enter: принять от имени { $who } · Esc: выйти

maintain-title = Техработы на участке { $number }
maintain-until-ended = до отмены
maintain-reason = причина
maintain-reason-hint = что делается; можно не заполнять
maintain-how = ↑ ↓: срок · Enter: начать · Esc: выйти · тревоги в это время не поднимаются, всё записывается
maintenance-until = до { $time }
maintenance-until-ended = до отмены

tile-same-since = один и тот же кадр с { $time }
tile-over = прошло · { $lasted } · { $what }
tour-interrupted = новая тревога { $number } · обход далее через { $left }

guard-late = Неполадка этого компьютера: он не успевает
guard-late-advice = Опаздывает его собственная работа. Камеры не считаются причиной, новые тревоги не поднимаются. Закройте другие программы или показывайте меньше окон
guard-network = Неполадка этого компьютера: его сеть
guard-network-advice = Большинство участков изменилось разом. Камеры не считаются причиной, новые тревоги не поднимаются. Проверьте кабель, коммутатор, маршрутизатор
guard-disk = Неполадка этого компьютера: его диск
guard-disk-advice = То, что нужно записать, не записывается и ждёт в памяти. Освободите место на диске или разрешите запись
guard-since = с { $time } · { $counter }

notice-nothing-to-acknowledge = У участка { $number } нет тревоги, ждущей ответа
notice-none-ended = Прошедших тревог без ответа нет
notice-ended-acknowledged = Принято прошедших тревог: { $count }
notice-choose-one = Строка о нескольких участках: откройте её клавишей Enter и выберите один
notice-maintenance-ended = Техработы на участке { $number } закончены
notice-interruptions-on = Новые тревоги прерывают обход
notice-interruptions-off = Новые тревоги больше не прерывают обход

key-attention = внимание
key-acknowledge = принять
key-filter = только одно состояние
key-maintain = техработы
key-how-long = срок
key-day = день
key-next-station = следующий участок

help-attention = в список внимания и обратно; там: ↑ ↓ строка, ← → состояние
help-attention-shown = показать или скрыть список внимания
help-maintenance = техработы на участке: начать или закончить
help-day = день выбранного участка
help-interruptions = прерывают новые тревоги обход или нет

day-title = День участка { $number }
day-loading = день читается …
day-states = состояния
day-reconnects = подключений заново: { $count }
day-frames = кадров/с
day-bits = битрейт
day-megabits = { $value } Мбит/с
day-pictures = кадры
day-errors = Что было не так
day-no-errors = пока ничего
day-alarms = Тревоги
day-no-alarms = пока нет
day-unanswered = никто не принял
day-more = ранее ещё { $count }
day-span = { $state } { $from }–{ $to }
day-since = { $state } с { $from }
day-together = вместе с другими: { $count }

hear-attention = { $title }, не принято: { $unanswered }
hear-hidden = показать список внимания, не принято: { $unanswered }
hear-filter = { $filter }, показать всё
hear-count = показать только { $state }: { $count }
hear-line = { $name }, { $state }, не принято
hear-line-late = { $name }, { $state }, слишком долго не принято
hear-line-answered = { $name }, { $state }, принято: { $who }
hear-line-plain = { $name }, { $state }
hear-station-unanswered = Участок { $number }, { $state }, не принято
hear-district-unanswered = { $district }, не принято

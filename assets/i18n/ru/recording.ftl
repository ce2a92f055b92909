# Запись, по-русски

recording-opening = запись готовится
recording-refused = запись не начинается: { $reason }
recording-status = записывается: { $safe } из { $all }, { $rate }
recording-rate = { $number } МБ/с
recording-hours = места на { $hours } ч
recording-failing = ПИШЕТСЯ НЕ ВСЁ: { $reason }
guard-recording = Неполадка этого компьютера: запись
guard-recording-advice = То, что должно записываться, не пишется. Освободите место на томе или проверьте, подключён ли он и доступен ли для записи
journal-own-recording = запись
told-recording = Запись началась. Участков: { $count }
told-recording-stop = Запись продолжается. Чтобы остановить её, нажмите Shift R ещё раз в течение 15 с
told-recording-stopped = Запись ОСТАНОВЛЕНА. С этого момента ничего не записывается
told-no-recording-here = Потоки, открытые вручную, не записываются
told-no-recording = Записывать нельзя: { $reason }
tile-not-recorded = не записывается
top-recording = Запись
top-recording-opens = Запись готовится
top-not-recording = НЕ ЗАПИСЫВАЕТСЯ
top-hours = места на { $hours } ч
help-record = записывать все участки; дважды: остановить запись
help-acknowledge-both = принять тревогу; все прошедшие
recording-no-station = Нет в списке участков: { $stations }. Пока номера неверны, ничего не записывается.

# Список участков: импорт, различия, версии, пароли, публикация (русский язык)

count-districts = { $count ->
    [one] { $count } округ
    [few] { $count } округа
   *[many] { $count } округов
}
list-size = { $stations }, { $districts }

problem-row = строка
problem-column = столбец
problem-found = найдено
problem-expected = ожидается

expect-utf8 = текст в UTF-8; в Excel: «Сохранить как» → «CSV UTF-8»
expect-file-size = файл не больше { $mib } МиБ
expect-stations = заголовок и под ним хотя бы один участок
expect-closing-quote = кавычка ("), которая закрывает эту ячейку
expect-after-quote = после закрывающей кавычки — разделитель или конец строки; кавычка внутри ячейки пишется дважды
expect-known-column = один из столбцов: { $names }
expect-required-column = столбец «{ $name }»
expect-column-once = каждый столбец один раз; столбец «{ $other }» значит то же
expect-cells = { $count ->
    [one] не больше { $count } ячейки, как в заголовке
    [few] не больше { $count } ячеек, как в заголовке
   *[many] не больше { $count } ячеек, как в заголовке
}
expect-filled = эта ячейка должна быть заполнена
expect-number = целое число от 1 до { $max }
expect-new-station = каждый участок в округе один раз; этот уже есть в строке { $row }
expect-new-url = каждый URL только у одного участка; он уже есть у участка { $station } в строке { $row }
expect-same-district-name = одно название у округа; в строке { $row } это «{ $name }»
expect-degrees = градусы числом от -{ $max } до { $max }
expect-both-coordinates = обе координаты или ни одной
expect-visible = текст без управляющих и невидимых знаков
expect-length = { $max ->
    [one] не больше { $max } знака
    [few] не больше { $max } знаков
   *[many] не больше { $max } знаков
}
expect-no-url = текст, а не URL; возможно, столбцы сдвинуты
expect-rtsp = URL, который начинается с rtsp://, http://, https://, rtmp://, rtmps://, srt://, udp:// или file://
expect-not-yet = URL другого вида; этот вид пока не принимается
expect-no-tls = URL вида rtsp://; RTSP поверх TLS не поддерживается: переключите камеру на обычный RTSP внутри защищённой сети (VPN)
expect-escaped = URL, в котором ясно, где кончается пароль: @ / ? # % в пароле пишутся как %40 %2F %3F %23 %25
expect-escaped-whole = имя и пароль, закодированные целиком или никак; знак % в самом пароле пишется как %25
expect-escaped-path = адрес файла, где # пишется %23, ? — %3F, % — %25
expect-host = правильное имя или адрес узла
expect-port = порт от 1 до 65535
expect-whole-url = полный URL; «…» стоит там, где убран пароль
expect-url = правильный URL

import-fine = В списке нет ошибок: { $list }.
import-problems = { $count ->
    [one] { $count } ошибка. Ничего не изменено.
    [few] { $count } ошибки. Ничего не изменено.
   *[many] { $count } ошибок. Ничего не изменено.
}
import-no-terminal = Нет терминала, чтобы спросить. Укажите --check, чтобы только проверить список, или --accept, чтобы принять его без вопроса.
import-unreadable = Не удалось прочитать { $path }: { $reason }.
import-same = Список совпадает с текущей версией { $version }. Ничего не изменено.
import-question = Принять этот список? [да/нет]
import-declined = Список не принят. Ничего не изменено.
import-accepted = Список принят, это версия { $version }.
import-secrets = { $count ->
    [one] Имена и пароли { $count } потока убраны из URL и хранятся в { $kept }. Они всё ещё есть в { $file }: удалите этот файл или храните его в надёжном месте.
    [few] Имена и пароли { $count } потоков убраны из URL и хранятся в { $kept }. Они всё ещё есть в { $file }: удалите этот файл или храните его в надёжном месте.
   *[many] Имена и пароли { $count } потоков убраны из URL и хранятся в { $kept }. Они всё ещё есть в { $file }: удалите этот файл или храните его в надёжном месте.
}

diff-renumbered = → { $from } теперь { $to }
diff-moved = ~ { $station }: { $columns }
diff-url = ~ { $station } { $kind }: другой URL
diff-login = ~ { $station } { $kind }: другое имя или пароль
diff-summary = Добавлено: { $added }, убрано: { $removed }, с другим номером: { $renumbered }, с другим местом или названием: { $moved }, потоков с другим URL или паролем: { $urls }.

list-none = Списка участков ещё нет. Импортируйте его: pollwall import LIST.csv
list-restored = Версия { $old } снова текущая, теперь под номером { $new }.
list-district = округ
list-main = основной поток
list-sub = дополнительный поток

history-version = версия
history-accepted = принята
history-stations = участков
history-districts = округов
history-file = файл
history-note = примечание
history-current = текущая
history-restored = совпадает с версией { $version }

export-title = Список избирательных участков с веб-камерами
export-district = Избирательный округ № { $number }
export-station = участок
export-name = название
export-address = адрес

# заголовки публикуемого CSV: импорт должен их понимать
csv-district = номер округа
csv-district-name = наименование округа
csv-station = номер участка
csv-name = наименование участка
csv-address = адрес

store-io = { $path }: { $reason }.
store-damaged = Файл { $path } повреждён (строка { $line }). Уберите его и импортируйте список заново или верните прежнюю версию: pollwall list --restore.
store-no-version = Версии { $version } нет. Сохранённые версии показывает pollwall list --history.
store-overtaken = Тем временем принят другой список. Ничего не изменено; повторите импорт, чтобы увидеть новые различия.

vault-loose = Файл { $path } с паролями камер могут прочитать другие (права { $mode }). Так Pollwall не запускается. Закройте файл командой: { $mend }
vault-io = Не удалось прочитать или записать пароли в { $path }: { $reason }.
vault-damaged = Файл { $path } с паролями камер повреждён (строка { $line }). Уберите его и импортируйте список заново.
vault-missing = Нет паролей для версии списка { $version }. Импортируйте список заново с полными URL.

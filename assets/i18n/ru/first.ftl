# Первый запуск и импорт списка участков в окне (русский язык)

first-nothing-yet = Списка участков ещё нет. С чего начать?
first-import = Импортировать список участков
first-import-what = Файл CSV с вашими участками. Перед тем как его принять, он проверяется и показывается строка за строкой.
first-demo = Открыть демонстрацию
first-demo-what = Тысяча вымышленных камер на этом компьютере. Ничего не нужно настраивать, ничего не сохраняется.
first-demo-starting = Демонстрация готовится
first-demo-stop = отказаться
first-keys = ←  →  Enter: выбор · L: язык · F: во весь экран

help-import = принять новый список участков

import-title = Импорт списка участков
import-drop = или перетащите файл в это окно
import-path = Путь к файлу CSV
import-open = открыть
import-complete = дополнить
import-up = на папку выше
import-folder = папка
import-list = список
import-reading = Чтение …
import-nothing-here = Здесь нет ни папок, ни файлов CSV
import-rows = { $count ->
    [one] { $count } строка
    [few] { $count } строки
   *[many] { $count } строк
}
import-no-rows = Здесь нечего показать
import-other-file = другой файл
import-accept = принять
import-taking = принимается …
import-only-problems = только ошибки
import-only-changes = только изменения
import-what-is-wrong = что неверно
import-what-changes = что меняется
import-expected = ожидается: { $what }
import-cell-empty = { $column }: пусто
import-added = новых: { $count }
import-removed = убрано: { $count }
import-renumbered = с другим номером: { $count }
import-moved = с другим местом или названием: { $count }
import-urls = потоков с другим URL или паролем: { $count }
import-is-new = новый
import-is-gone = убран: в этом файле его нет
import-was = раньше был { $number }
import-differs = отличается: { $columns }
import-url = { $column }: другой URL
import-login = { $column }: другое имя или пароль
import-cannot-list = Не удалось открыть папку { $path }: { $reason }.
import-secrets-here = { $count ->
    [one] Имя и пароль { $count } потока будут храниться отдельно от списка, читать их сможете только вы. В этом файле они остаются: потом удалите его или храните в надёжном месте.
    [few] Имена и пароли { $count } потоков будут храниться отдельно от списка, читать их сможете только вы. В этом файле они остаются: потом удалите его или храните в надёжном месте.
   *[many] Имена и пароли { $count } потоков будут храниться отдельно от списка, читать их сможете только вы. В этом файле они остаются: потом удалите его или храните в надёжном месте.
}
import-not-begun = Этот компьютер слишком занят папками, которые не отвечают; список не принят. Закройте видеостену и откройте её снова.

first-folder = Открыть папку с записями
first-folder-what = Записи наши или другого регистратора: просмотр и проверка пробелов.
first-folder-hint = /media/zapisi
first-folder-how = Enter: открыть в отдельном окне · Esc: назад
first-folder-not = Папка не открывается: { $reason }
first-folder-ended = Папка не открыта. Возможно, в ней нет записей: { $folder }

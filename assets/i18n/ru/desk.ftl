# Как настроено рабочее место: обход и тревоги, звук, кто дежурит (по-русски)

notice-line-acknowledged = Эта строка уже принята
notice-nothing-chosen = Ни одна строка не выбрана: выберите клавишами ↑ ↓
notice-sound-on = Тревоги слышны: { $tone } · Shift B: другой звук
notice-sound-off = Тревоги больше не слышны
tone-chime = две ноты
tone-bell = колокольчик
tone-pulses = три сигнала

hear-interruptions-on = новые тревоги прерывают обход
hear-interruptions-off = новые тревоги не прерывают обход
hear-sound-on = тревоги слышны
hear-sound-off = тревоги не слышны

operator-title = Кто за этим пультом?
operator-name = имя
operator-hint = сейчас: { $who }
operator-how = Enter: отныне это имя стоит у всего, что принято · Esc: оставить как есть
key-operator = это моё имя
detail-operator = За пультом: { $who } · O: другой

help-sound = слышны тревоги или нет; другой звук
help-operator = указать, кто за пультом

told-no-sound = Тревог не будет слышно: { $reason }
no-sound-player = здесь нет программы, играющей звук (pulseaudio-utils или alsa-utils)
no-sound-device = ни одно звуковое устройство не отвечает

day-pictures-since = кадры с { $time }
hear-day-pictures = кадров за день: { $count }, показано: { $shown }
day-last = последние { $span } · + −
day-whole = весь день · + −
key-later = меньше дня
key-earlier = больше дня
day-known = всё известное · + −

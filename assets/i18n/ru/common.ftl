# Pollwall, русский язык. Ключи и аргументы трёх файлов совпадают; это проверяет тест.

count-stations = { $count ->
    [one] { $count } участок
    [few] { $count } участка
   *[many] { $count } участков
}

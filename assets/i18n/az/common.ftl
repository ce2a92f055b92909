# Pollwall, Azərbaycan dili. Üç faylın açarları və arqumentləri eynidir; bunu test yoxlayır.

count-stations = { $count } məntəqə

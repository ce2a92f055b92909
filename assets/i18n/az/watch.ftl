# Pəncərəsiz qəbul və Prometheus üçün göstəricilər (azərbaycan dili)

watch-no-list = Hələ məntəqə siyahısı yoxdur. Əvvəlcə siyahını qəbul edin: pollwall import LIST.csv

metrics-at = Prometheus üçün göstəricilər: { $address }
metrics-taken = Göstəriciləri { $address } ünvanında vermək olmur: { $port } portunu başqa proqram tutub. Onu bağlayın, --metrics ilə başqa ünvan seçin (hər hansı boş port üçün 0) və ya --metrics off yazın.
metrics-refused = Göstəriciləri { $address } ünvanında vermək olmur: { $reason }. --metrics ilə başqa ünvan seçin və ya --metrics off yazın.
metrics-no-thread = Göstəriciləri vermək olmur: { $reason }. Yenidən cəhd edin və ya onlarsız davam edin: --metrics off.

usage-expect-metrics = 127.0.0.1:9464 və ya [::1]:9464 kimi ünvan, yalnız port (hər hansı boş port üçün 0) və ya off
usage-metrics-anyone = { $address } ünvanına başqa kompüterlərdən də çatmaq olur və göstəricilər girişsiz görünər. Bunu istəyirsinizsə, --metrics-anyone əlavə edin.

# Nümayiş, onun uydurma kameraları və vəziyyətlərin çapı (Azərbaycan dili)

clips-no-encoder = Uydurma kameraların görüntülərini hazırlamaq mümkün deyil: bu FFmpeg-də { $codec } üçün kodlayıcı yoxdur ({ $names }). Belə kodlayıcısı olan FFmpeg quraşdırın (Debian: apt-get install libavcodec59) və ya başqa kodek seçin.
clips-failed = Uydurma kameraların görüntülərini hazırlamaq mümkün deyil: { $reason }.

# Bu kompüterin öz nasazlığı, ondan qalan və məntəqədə gün ərzində texniki iş (Azərbaycan dili)

guard-late-long-advice = Öz işi artıq bir neçə dəqiqədir gecikir. Həyəcan yenə də verilir. Başqa proqramları bağlayın və ya daha az pəncərə göstərin
guard-unchecked = Bu kompüterdə nasazlıq var: görüntülər yoxlanılmır
guard-unchecked-advice = Qara, qarşısı bağlanmış və donmuş görüntülər sezilmir; itən məntəqələr bildirilir. Başqa proqramları bağlayın və ya Pollwall-u yenidən başladın
guard-given-up = Hələ də əlaqə yoxdur: { $of } məntəqədən { $lost }
guard-given-up-advice = Bu kompüter onları daha gözləmir: onlar üzrə həyəcan verilib. Səbəb ölkədə və ya bu kompüterin qarşısındakı şəbəkədədir

detail-unanswered-for = { $span } ərzində heç kim qəbul etməyib · A: qəbul etmək

journal-own-unchecked = görüntülər yoxlanılmır
journal-guard-began-raising = bu kompüterdə nasazlıq var: { $why }; kameralar üzrə həyəcan yenə də verilir
journal-guard-yielded = bu kompüterdə nasazlıq artıq { $span } davam edir: { $why }; kameralar üzrə həyəcan yenidən verilir
journal-guard-ended-lost = bu kompüter { $span } sonra yenidən qaydasındadır: { $why }; hələ də əlaqə olmayan məntəqələr: { $count }, onlar üzrə həyəcan verilib
journal-guard-given-up = { $span } sonra gözləmə dayandırılıb: { $why }; qaydaya düşdüyü müəyyən edilməyib; hələ də əlaqə olmayan məntəqələr: { $count }, onlar üzrə həyəcan verilib
journal-guard-over = bu kompüterin səbəb sayıldığı müddət { $span } sonra bitib: { $why }

day-work = texniki iş { $from }–{ $to }, { $who }
day-work-until = texniki iş { $from } vaxtından, plan üzrə { $until } vaxtınadək, { $who }
day-work-open = texniki iş { $from } vaxtından, bitirilənədək, { $who }

//! Alphabetical order as Azerbaijani has it (… d, e, ə, f …), and letters without their marks.

use std::cmp::Ordering;
use std::sync::OnceLock;

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::fold;

/// Which of two names comes first in an Azerbaijani list (CLDR's collation for `az`). Numbers in
/// them count by value: school 9 comes before school 10.
pub fn compare(a: &str, b: &str) -> Ordering {
    static AZERBAIJANI: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    let collator = AZERBAIJANI.get_or_init(|| {
        let mut wanted = CollatorPreferences::from(locale!("az"));
        wanted.numeric_ordering = Some(CollationNumericOrdering::True);
        // The data is compiled in; without it, code points are still an order.
        CollatorBorrowed::try_new(wanted, CollatorOptions::default()).ok()
    });
    match collator {
        Some(collator) => collator.compare(a, b),
        None => a.cmp(b),
    }
}

/// [`fold`]ed, with each letter and its marks as one character, however it was typed.
pub fn fold_composed(s: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(&fold(s)).into_owned()
}

/// [`fold`]ed and without marks, for keyboards that lack letters: ə becomes e, ş s, ç c, ğ g, ö o,
/// ü u, ё е, й и.
pub fn base_letters(s: &str) -> String {
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(&fold(s)).into_owned();
    // U+0300 to U+036F are all the marks that letters of our three languages come apart into.
    let unmarked = apart.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c));
    unmarked.map(|c| if c == 'ə' { 'e' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_azerbaijani_order() {
        // The alphabet's own letters lie where code points and English order do not put them.
        let ordered = [
            "Ağdaş",
            "Bakı",
            "Cəlilabad",
            "Çaylı",
            "Daşkəsən",
            "Elxan",
            "Əlvənd",
            "Füzuli",
            "Gəncə",
            "Ğ",
            "Hacıqabul",
            "Xaçmaz",
            "Ismayıllı",
            "İmişli",
            "Jalə",
            "Kürdəmir",
            "Qax",
            "Lerik",
            "Oğuz",
            "Ördək",
            "Salyan",
            "Şəki",
            "Tovuz",
            "Ucar",
            "Üçtəpə",
            "Yevlax",
            "Zaqatala",
        ];
        for pair in ordered.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
    }

    #[test]
    fn numbers_count_by_value() {
        assert_eq!(compare("9 nömrəli məktəb", "10 nömrəli məktəb"), Ordering::Less);
        assert_eq!(compare("məktəb 9", "məktəb 9"), Ordering::Equal);
    }

    #[test]
    fn letters_lose_their_marks() {
        assert_eq!(base_letters("ŞƏKİ Göyçay Üçtəpə Oğuz Bakı"), "seki goycay uctepe oguz baki");
        assert_eq!(base_letters("Ёлочный"), "елочныи");
        // As macOS writes file names, and lists made of them.
        assert_eq!(fold_composed("S\u{327}əki"), fold_composed("Şəki"));
        assert_ne!(fold_composed("Seki"), fold_composed("Şəki"));
    }
}

//! Letter case as Azerbaijani has it: `I` is the capital of `ı`, `İ` that of `i`.

use std::borrow::Cow;

use icu_casemap::CaseMapper;

/// Folds `s` for comparing what a person typed with what a list says, by Turkic rules
/// (I → ı, İ → i; Unicode CaseFolding.txt, status T), in any of the three languages: Azerbaijani
/// names are matched as they are written, and ı is then taken for i, so that a keyboard without
/// dotless ı, or an English `DISTRICT`, still finds its match.
pub fn fold(s: &str) -> String {
    let folded: Cow<'_, str> = CaseMapper::new().fold_turkic_string(s);
    folded.replace('ı', "i")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn azerbaijani_capitals_match_their_small_letters() {
        assert_eq!(fold("DAİRƏ"), fold("dairə"));
        assert_eq!(fold("ŞIXLI"), fold("şıxlı"));
        assert_eq!(fold("DISTRICT"), fold("district"));
        assert_eq!(fold("УЧАСТОК"), fold("участок"));
        assert_ne!(fold("şəki"), fold("saki"));
    }
}

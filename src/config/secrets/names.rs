//! Names of parameters whose values are credentials.

use percent_encoding::percent_decode_str;

/// As cameras, recorders and delivery networks use them, folded as by [`folded`].
const SECRET_NAMES: &[&str] = &[
    "user",
    "username",
    "usr",
    "uname",
    "userid",
    "login",
    "loginuse",
    "loginpas",
    "account",
    "pass",
    "pwd",
    "pswd",
    "psw",
    "pw",
    "psk",
    "pin",
    "passphrase",
    "passcode",
    "passkey",
    "auth",
    "authorization",
    "bearer",
    "jwt",
    "otp",
    "ticket",
    "key",
    "sig",
    "sign",
    "digest",
    "nonce",
    "policy",
    "session",
    "streamid",
    "sessionid",
    "jsessionid",
    "phpsessid",
    "sid",
    // nginx's secure links, Akamai's and Wowza's.
    "st",
    "hash",
    "hdnea",
    "hdntl",
    "hdnts",
    // Azerbaijani and Turkish, Russian.
    "acar",
    "anahtar",
    "istifadeci",
    "istifadeciadi",
    "kullanici",
    "kullaniciadi",
    "ключ",
    "логин",
    "пользователь",
    "имяпользователя",
];

/// Parts of a name that are enough: `access_token`, `streamKey`, `X-Amz-Signature`.
const SECRET_PARTS: &[&str] = &[
    "password",
    "passwd",
    "passwort",
    "parol",
    "sifre",
    "парол",
    "token",
    "токен",
    "secret",
    "секрет",
    "apikey",
    "accesskey",
    "authkey",
    "authsign",
    "streamkey",
    "signature",
    "credential",
    "hmac",
    "md5",
];

/// Whether a value of this name is a credential. The name is as it stands in a URL.
pub(super) fn is_secret(name: &str) -> bool {
    // What nobody can read may say anything.
    let Ok(name) = percent_decode_str(name).decode_utf8() else { return true };
    let (whole, last) = (folded(&name), folded(last_word(&name)));
    let numbered = whole.trim_end_matches(|c: char| c.is_ascii_digit());
    SECRET_PARTS.iter().any(|part| whole.contains(part))
        || [&*whole, &*last, numbered].iter().any(|name| SECRET_NAMES.contains(name))
}

/// Whether it can stand in the name of a parameter. Letters of all alphabets can, and what they are
/// composed of.
pub(super) fn is_name_char(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric() || "_-.%[]~".contains(c)
}

/// The `c` of `a_b-c`, `aB.c` and `abC`.
fn last_word(name: &str) -> &str {
    let mut start = 0;
    let mut before_was_small = false;
    for (at, c) in name.char_indices() {
        if matches!(c, '_' | '-' | '.') {
            start = at + 1;
        } else if c.is_uppercase() && before_was_small {
            start = at;
        }
        before_was_small = c.is_lowercase();
    }
    &name[start..]
}

/// Small letters and digits only, those of Azerbaijani and Turkish without their marks, as half of
/// the people leave them out.
fn folded(name: &str) -> String {
    let small = name.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
    let plain = small.map(|c| match c {
        'ç' => 'c',
        'ə' => 'e',
        'ğ' => 'g',
        'ı' => 'i',
        'ö' => 'o',
        'ş' => 's',
        'ü' => 'u',
        other => other,
    });
    plain.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_known_by_name_in_every_alphabet() {
        for name in [
            "hdnts",
            "hmac",
            "wmsAuthSign",
            "md5",
            "st",
            "hash",
            "psk",
            "pin",
            "Policy",
            "pwd2",
            "jsessionid",
            "userPin",
            "cam_key",
            "Signature",
            "şifrə",
            "ŞİFRƏ",
            "s\u{327}ifre",
            "şifre",
            "SIFRE",
            "parol",
            "пароль",
            "Пароль1",
            "%C5%9Fifr%C9%99",
            "%EF%E0%F0",
            "Açar",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["channel", "keyframe", "monkey", "stream", "x", "start", "pinned", "поток", ""]
        {
            assert!(!is_secret(name), "{name}");
        }
    }
}
